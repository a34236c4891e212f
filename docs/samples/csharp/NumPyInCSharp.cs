using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators;
using TensorBridge.Python;

namespace TensorBridge.Samples;

/// <summary>A C# program with Python inside: a strided NumPy array goes through an ILGPU kernel in place.</summary>
internal static class NumPyInCSharp
{
    public static void Run()
    {
        using PythonRuntime python = PythonRuntime.Start();
        using HostBridge bridge = HostBridge.Create();
        python.Execute("import numpy as np; a = np.arange(24, dtype='f4').reshape(4, 6)[:, ::2]");

        using PythonObject array = python.Evaluate("a");
        using TensorHandle tensor = array.ToTensor();
        StridedView<float, Rank2> view = bridge.Strided<float, Rank2>(tensor);

        var kernel = bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, StridedView<float, Rank2>, float, float>(MyKernels.ScaleAndShift);
        kernel((int)view.Length, view, 2f, 1f);
        bridge.Accelerator.Synchronize();

        using PythonObject seen = python.Evaluate("a[0].tolist()");
        Console.WriteLine($"NumPy sees {seen}");
    }
}
