using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>The cold halves of index checks.</summary>
/// <remarks>Not marked NoInlining: the JIT has to look inside to see that they never return, and then keeps nothing alive across them.</remarks>
internal static class AccessErrors
{
    [DoesNotReturn]
    public static void OutOfRange(int parameter, long index, long length) =>
        throw new ViewIndexException(parameter, $"index {index} is out of range for {length} elements");

    [DoesNotReturn]
    public static void OutOfRange(int parameter, long x, long y, long lengthX, long lengthY) =>
        throw new ViewIndexException(parameter, $"index ({x}, {y}) is out of range for shape ({lengthX}, {lengthY})");

    [DoesNotReturn]
    public static void OutOfRange(int parameter, long x, long y, long z, long lengthX, long lengthY, long lengthZ) =>
        throw new ViewIndexException(parameter, $"index ({x}, {y}, {z}) is out of range for shape ({lengthX}, {lengthY}, {lengthZ})");

    [DoesNotReturn]
    public static void PartOutOfRange(int parameter, long index, long length, long whole) =>
        throw new ViewIndexException(parameter, $"the part of {length} elements from {index} on is out of range for {whole} elements");
}
