using System.Runtime.CompilerServices;

namespace TensorBridge;

/// <summary>The rules of shapes and byte strides, over spans so that import paths need no allocation.</summary>
internal static class LayoutMath
{
    /// <summary>The largest rank TensorBridge takes; it covers every peer (NumPy 2 has 64, the buffer protocol 64).</summary>
    public const int MaxRank = 64;

    /// <summary>Π of the lengths, 0 when any is 0.</summary>
    /// <exception cref="TensorFormatException">A length is negative.</exception>
    /// <exception cref="OverflowException">The product of the non-zero lengths exceeds int64.</exception>
    public static long ElementCount(ReadOnlySpan<long> shape)
    {
        long count = 1;
        bool empty = false;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            long length = shape[axis];
            if (length < 0)
                throw new TensorFormatException($"shape entry {axis} is {length}; lengths are 0 or more");
            if (length == 0)
                empty = true;
            else if (length > long.MaxValue / count)
                throw new OverflowException($"shape {TensorText.Tuple(shape)} has more elements than a 64-bit integer can count");
            else
                count *= length;
        }

        return empty ? 0 : count;
    }

    /// <summary>Fills <paramref name="strides"/> with the byte strides of dense C order (last axis innermost).</summary>
    /// <exception cref="OverflowException">The array is larger than 2^63-1 bytes.</exception>
    public static void FillCStrides(ReadOnlySpan<long> shape, long itemSize, Span<long> strides)
    {
        long stride = itemSize;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride = MultiplyLength(stride, shape[axis], shape);
        }
    }

    /// <summary>Fills <paramref name="strides"/> with the byte strides of dense Fortran order (first axis innermost).</summary>
    /// <exception cref="OverflowException">The array is larger than 2^63-1 bytes.</exception>
    public static void FillFStrides(ReadOnlySpan<long> shape, long itemSize, Span<long> strides)
    {
        long stride = itemSize;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            strides[axis] = stride;
            stride = MultiplyLength(stride, shape[axis], shape);
        }
    }

    /// <summary>
    /// C-contiguous by the relaxed rule: no elements, or every axis longer than 1 has the dense stride. Strides of
    /// axes of length 1 mean nothing.
    /// </summary>
    public static bool IsCContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long itemSize)
    {
        long expected = itemSize;
        bool dense = true;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (!Step(shape[axis], strides[axis], ref expected, ref dense))
                return true;
        }

        return dense;
    }

    /// <summary>Fortran-contiguous by the relaxed rule.</summary>
    public static bool IsFContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long itemSize)
    {
        long expected = itemSize;
        bool dense = true;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (!Step(shape[axis], strides[axis], ref expected, ref dense))
                return true;
        }

        return dense;
    }

    /// <summary>
    /// The bytes touched relative to element 0: <c>[low, high)</c>, with <c>low = Σ min(0, (n-1)·s)</c> and
    /// <c>high = Σ max(0, (n-1)·s) + itemSize</c>; empty for an array without elements.
    /// </summary>
    /// <exception cref="OverflowException">A bound exceeds int64.</exception>
    public static (long Low, long High) Extent(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long itemSize)
    {
        Int128 low = 0;
        Int128 high = itemSize;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] == 0)
                return (0, 0);
            Int128 reach = (Int128)(shape[axis] - 1) * strides[axis];
            if (reach < 0)
                low += reach;
            else
                high += reach;
        }

        if (low < long.MinValue || high > long.MaxValue)
            throw new OverflowException($"shape {TensorText.Tuple(shape)} with byte strides {TensorText.Tuple(strides)} reaches beyond a 64-bit address space");
        return ((long)low, (long)high);
    }

    /// <summary>Checks that <c>[address+low, address+high)</c> lies inside the 64-bit address space.</summary>
    /// <exception cref="OverflowException">It wraps around either end.</exception>
    public static void CheckAddressRange(nuint address, long low, long high)
    {
        Int128 first = (Int128)(ulong)address + low;
        Int128 last = (Int128)(ulong)address + high;
        if (first < 0 || last > (Int128)ulong.MaxValue)
            throw new OverflowException($"data pointer 0x{(ulong)address:x} with an extent of bytes {low} to {high} leaves the 64-bit address space");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Step(long length, long stride, ref long expected, ref bool dense)
    {
        if (length == 0)
            return false;
        if (length == 1)
            return true;
        if (stride != expected)
            dense = false;
        expected = unchecked(expected * length);
        return true;
    }

    private static long MultiplyLength(long stride, long length, ReadOnlySpan<long> shape)
    {
        if (length <= 1)
            return stride;
        return stride == 0 || length <= long.MaxValue / stride
            ? stride * length
            : throw new OverflowException($"shape {TensorText.Tuple(shape)} needs more than 2^63-1 bytes");
    }
}
