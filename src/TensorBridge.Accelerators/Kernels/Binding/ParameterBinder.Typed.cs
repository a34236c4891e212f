namespace TensorBridge.Accelerators.Kernels;

/// <summary>A binder with the type of its parameter, which emitted code calls.</summary>
internal abstract class ParameterBinder<TValue> : ParameterBinder
{
    private protected ParameterBinder(KernelParameter parameter)
        : base(parameter)
    {
    }

    public abstract TValue Read(ref readonly KernelArgument argument, KernelFrame frame);
}
