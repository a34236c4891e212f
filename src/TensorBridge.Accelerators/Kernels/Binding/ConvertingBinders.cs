using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds a scalar that the kernel is compiled for anew at each value.</summary>
internal sealed class SpecializedBinder<T> : ParameterBinder<SpecializedValue<T>>
    where T : unmanaged, IEquatable<T>
{
    private readonly ParameterBinder<T> _value;

    public SpecializedBinder(KernelParameter parameter, ParameterBinder<T> value)
        : base(parameter) => _value = value;

    public override SpecializedValue<T> Read(ref readonly KernelArgument argument, KernelFrame frame) =>
        SpecializedValue.New(_value.Read(in argument, frame));
}

/// <summary>Binds a number to ILGPU's own half-precision type.</summary>
internal sealed class IlgpuHalfBinder : ParameterBinder<ILGPU.Half>
{
    private readonly ScalarBinder<System.Half> _value;

    public IlgpuHalfBinder(KernelParameter parameter)
        : base(parameter) => _value = new ScalarBinder<System.Half>(parameter);

    public override ILGPU.Half Read(ref readonly KernelArgument argument, KernelFrame frame) =>
        (ILGPU.Half)(float)_value.Read(in argument, frame);
}
