using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Numbers that arrive as tensors of rank 0, as NumPy's scalars do.</summary>
internal static class ScalarTensor
{
    /// <summary>The number in a host tensor of rank 0; any other argument as it is.</summary>
    public static KernelArgument Unwrap(ParameterBinder binder, in KernelArgument argument)
    {
        if (argument.Tensor is not { } tensor)
            return argument;
        if (tensor.Rank != 0)
            throw ArgumentErrors.WrongType(binder, argument);
        if (!tensor.Device.IsHostAccessible)
            throw ArgumentErrors.OnDevice(binder, argument);
        return tensor.DType.IsNativeOrder ? Value(tensor) ?? throw ArgumentErrors.WrongType(binder, argument) : throw ArgumentErrors.WrongType(binder, argument);
    }

    private static unsafe KernelArgument? Value(TensorHandle tensor)
    {
        var data = (byte*)tensor.Data;
        return (tensor.DType.Kind, tensor.DType.ItemSize) switch
        {
            (ElementKind.Boolean, 1) => *data != 0,
            (ElementKind.SignedInteger, 1) => (int)*(sbyte*)data,
            (ElementKind.SignedInteger, 2) => (int)Unsafe.ReadUnaligned<short>(data),
            (ElementKind.SignedInteger, 4) => Unsafe.ReadUnaligned<int>(data),
            (ElementKind.SignedInteger, 8) => Unsafe.ReadUnaligned<long>(data),
            (ElementKind.UnsignedInteger, 1) => (int)*data,
            (ElementKind.UnsignedInteger, 2) => (int)Unsafe.ReadUnaligned<ushort>(data),
            (ElementKind.UnsignedInteger, 4) => (ulong)Unsafe.ReadUnaligned<uint>(data),
            (ElementKind.UnsignedInteger, 8) => Unsafe.ReadUnaligned<ulong>(data),
            (ElementKind.Float, 2) => (double)Unsafe.ReadUnaligned<Half>(data),
            (ElementKind.Float, 4) => Unsafe.ReadUnaligned<float>(data),
            (ElementKind.Float, 8) => Unsafe.ReadUnaligned<double>(data),
            (ElementKind.Complex, 16) => Unsafe.ReadUnaligned<Complex>(data),
            _ => null,
        };
    }
}
