namespace TensorBridge.Accelerators.Kernels;

/// <summary>Turns one argument of a launch into the value that the kernel's parameter takes, or refuses it by name.</summary>
internal abstract class ParameterBinder
{
    private protected ParameterBinder(KernelParameter parameter) => Parameter = parameter;

    public KernelParameter Parameter { get; }

    /// <summary>True for views; their arguments decide where the kernel runs and over what.</summary>
    public virtual bool IsTensor => false;

    /// <summary>True when the kernel may write through the parameter.</summary>
    public virtual bool IsWritten => false;

    /// <summary>The expectation as errors write it, with the devices that a launch could run on.</summary>
    public virtual string Expected(string devices) => Parameter.Expected;

    /// <summary>The index space that a tensor stands for in a kernel of the given index rank; false when the parameter is not element-wise.</summary>
    public virtual bool TryGetSpace(TensorHandle tensor, int indexRank, out IndexSpace space)
    {
        space = default;
        return false;
    }
}
