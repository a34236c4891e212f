using System.Runtime.CompilerServices;
using TensorBridge.Accelerators.Kernels;

namespace TensorBridge.Python.Operations;

/// <summary>Room for the arguments of a launch on the stack.</summary>
[InlineArray(Length)]
internal struct ArgumentBuffer
{
    /// <summary>How many fit; kernels seldom have more.</summary>
    public const int Length = 8;

    private KernelArgument _first;
}
