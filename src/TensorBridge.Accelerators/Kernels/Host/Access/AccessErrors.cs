using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>The cold halves of index checks.</summary>
internal static class AccessErrors
{
    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void OutOfRange(int parameter, long index, long length) =>
        throw new ViewIndexException(parameter, $"index {index} is out of range for {length} elements");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void OutOfRange(int parameter, long x, long y, long lengthX, long lengthY) =>
        throw new ViewIndexException(parameter, $"index ({x}, {y}) is out of range for shape ({lengthX}, {lengthY})");

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void OutOfRange(int parameter, long x, long y, long z, long lengthX, long lengthY, long lengthZ) =>
        throw new ViewIndexException(parameter, $"index ({x}, {y}, {z}) is out of range for shape ({lengthX}, {lengthY}, {lengthZ})");
}
