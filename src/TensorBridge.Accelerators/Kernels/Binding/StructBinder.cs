using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds a struct, a complex number among them: the struct itself, or a tensor of rank 0 whose item has its bytes.</summary>
internal sealed class StructBinder<T> : ParameterBinder<T>
    where T : unmanaged
{
    public StructBinder(KernelParameter parameter)
        : base(parameter) => parameter.Expected = ElementTypes.NameOf<T>();

    public override unsafe T Read(ref readonly KernelArgument argument, KernelFrame frame)
    {
        if (argument.Kind == KernelArgumentKind.Struct && argument.Boxed is T value)
            return value;
        if (argument.Tensor is { Rank: 0, Device.IsHostAccessible: true } tensor && ElementTypes.Matches<T>(tensor.DType))
            return Unsafe.ReadUnaligned<T>((void*)tensor.Data);
        if (typeof(T) != typeof(Complex))
            throw ArgumentErrors.WrongType(this, argument);
        return (T)(object)ToComplex(argument);
    }

    private Complex ToComplex(in KernelArgument argument)
    {
        KernelArgument number = ScalarTensor.Unwrap(this, argument);
        return number.Kind switch
        {
            KernelArgumentKind.Complex => number.Complex,
            KernelArgumentKind.Real => number.Real,
            KernelArgumentKind.Integer => (double)number.Integer,
            _ => throw ArgumentErrors.WrongType(this, argument),
        };
    }
}
