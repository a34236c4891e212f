using System.Numerics;
using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>Compares the elements of two tensors in host memory, whatever their strides, byte orders and numeric types.</summary>
/// <remarks>Both are cut into blocks that stay in the cache; the copy engine brings each pair of blocks to one dense type.</remarks>
internal static unsafe class ElementComparison
{
    private const long BlockElements = 1 << 14;

    /// <summary>The same shape and equal elements.</summary>
    /// <exception cref="TensorUnsupportedException">Dates of different units, or elements without a value.</exception>
    public static bool AreEqual(TensorHandle a, TensorHandle b, bool equalNaN)
    {
        if (!a.Shape.SequenceEqual(b.Shape))
            return false;
        if (a.DType.IsRecord || b.DType.IsRecord)
            return FieldsAreEqual(a, b, equalNaN);
        if (a.DType.IsNumeric && b.DType.IsNumeric)
            return NumbersAreEqual(a, b, equalNaN);
        if (a.DType.Kind != b.DType.Kind)
            return false;
        return a.DType.Kind switch
        {
            ElementKind.DateTime or ElementKind.TimeDelta => TicksAreEqual(a, b, equalNaN),
            ElementKind.Bytes or ElementKind.Text => TextsAreEqual(a, b),
            _ => BytesAreEqual(a, b),
        };
    }

    /// <summary>Elements that differ by no more than the tolerances allow, after broadcasting.</summary>
    /// <exception cref="TensorUnsupportedException">Elements that are no numbers.</exception>
    /// <exception cref="TensorLayoutException">The shapes do not broadcast.</exception>
    public static bool AreClose(TensorHandle a, TensorHandle b, double relative, double absolute, bool equalNaN)
    {
        if (!a.DType.IsNumeric || !b.DType.IsNumeric)
            throw new TensorUnsupportedException($"expected numbers, got {a} and {b}; compare these with array_equal");
        long[] shape = BroadcastShape(a.Shape, b.Shape);
        using TensorHandle left = a.BroadcastTo(shape);
        using TensorHandle right = b.BroadcastTo(shape);
        return AllBlocks(left, right, (x, y) => IsComplex(x, y)
            ? Compare<Complex>(x, y, DType.Complex128, (p, q) => IsClose(p, q, relative, absolute, equalNaN))
            : Compare<double>(x, y, DType.Float64, (p, q) => IsClose(p, q, relative, absolute, equalNaN)));
    }

    private static bool NumbersAreEqual(TensorHandle a, TensorHandle b, bool equalNaN)
    {
        if (IsComplex(a, b))
            return AllBlocks(a, b, (x, y) => Compare<Complex>(x, y, DType.Complex128, (p, q) => p == q || (equalNaN && IsNaN(p) && IsNaN(q))));
        if (!IsInteger(a.DType) || !IsInteger(b.DType))
            return AllBlocks(a, b, (x, y) => Compare<double>(x, y, DType.Float64, (p, q) => p == q || (equalNaN && double.IsNaN(p) && double.IsNaN(q))));

        // Equal bits are equal numbers, except that the topmost bit of only one side can be a sign.
        bool mixed = IsSigned(a.DType) != IsSigned(b.DType);
        return AllBlocks(a, b, (x, y) => Compare<long>(x, y, DType.Int64, (p, q) => p == q && (!mixed || p >= 0)));
    }

    private static bool TicksAreEqual(TensorHandle a, TensorHandle b, bool equalNaN)
    {
        if (a.DType.Unit != b.DType.Unit)
            throw new TensorUnsupportedException($"expected one unit, got {a.DType} and {b.DType}; convert one of the two with astype first");
        using TensorHandle x = a.Reinterpret(DType.Int64.WithByteOrder(a.DType.ByteOrder));
        using TensorHandle y = b.Reinterpret(DType.Int64.WithByteOrder(b.DType.ByteOrder));
        return AllBlocks(x, y, (x, y) => Compare<long>(x, y, DType.Int64, (p, q) => p == q && (equalNaN || p != long.MinValue)));
    }

    private static bool FieldsAreEqual(TensorHandle a, TensorHandle b, bool equalNaN)
    {
        if (!a.DType.Fields.Select(field => field.Name).SequenceEqual(b.DType.Fields.Select(field => field.Name)))
            return false;
        foreach (RecordField field in a.DType.Fields)
        {
            using TensorHandle x = a[field.Name];
            using TensorHandle y = b[field.Name];
            if (!AreEqual(x, y, equalNaN))
                return false;
        }

        return true;
    }

    private static bool TextsAreEqual(TensorHandle a, TensorHandle b) => a.DType == b.DType
        ? BytesAreEqual(a, b)
        : AllBlocks(a, b, (x, y) =>
        {
            List<object?> left = PythonValue.All(x);
            List<object?> right = PythonValue.All(y);
            return left.Zip(right).All(pair => pair.First is byte[] bytes ? bytes.AsSpan().SequenceEqual((byte[])pair.Second!) : Equals(pair.First, pair.Second));
        });

    private static bool BytesAreEqual(TensorHandle a, TensorHandle b)
    {
        if (a.DType != b.DType)
            throw new TensorUnsupportedException($"{a.DType} and {b.DType} are carried, not computed on, and cannot be compared");
        if (a.DType.IsPacked)
            return Bytes(a).SequenceEqual(Bytes(b));
        return AllBlocks(a, b, (x, y) =>
        {
            using TensorHandle left = TensorCopy.ToContiguous(x);
            using TensorHandle right = TensorCopy.ToContiguous(y);
            return Bytes(left).SequenceEqual(Bytes(right));
        });
    }

    private static bool Compare<T>(TensorHandle a, TensorHandle b, DType type, Func<T, T, bool> match)
        where T : unmanaged
    {
        using TensorHandle x = TensorCopy.Cast(a, type, order: Order.C, copy: false);
        using TensorHandle y = TensorCopy.Cast(b, type, order: Order.C, copy: false);
        var left = new ReadOnlySpan<T>((void*)x.Data, (int)x.ElementCount);
        var right = new ReadOnlySpan<T>((void*)y.Data, (int)y.ElementCount);
        for (int i = 0; i < left.Length; i++)
        {
            if (!match(left[i], right[i]))
                return false;
        }

        return true;
    }

    // Halves along the longest axis until a block is small; the same cuts on both sides.
    private static bool AllBlocks(TensorHandle a, TensorHandle b, Func<TensorHandle, TensorHandle, bool> match)
    {
        if (a.ElementCount == 0)
            return true;
        if (a.ElementCount <= BlockElements)
            return match(a, b);
        Interruptible.ThrowIfInterrupted();
        int axis = a.Shape.IndexOf(Longest(a.Shape));
        long middle = a.Shape[axis] / 2;
        return AllBlocks(a, b, axis, TensorIndex.Slice(0, middle), match) && AllBlocks(a, b, axis, TensorIndex.Slice(middle), match);
    }

    private static bool AllBlocks(TensorHandle a, TensorHandle b, int axis, TensorIndex part, Func<TensorHandle, TensorHandle, bool> match)
    {
        TensorIndex[] index = [.. Enumerable.Repeat(TensorIndex.All, axis), part];
        using TensorHandle x = a[index];
        using TensorHandle y = b[index];
        return AllBlocks(x, y, match);
    }

    private static long Longest(ReadOnlySpan<long> shape)
    {
        long longest = 0;
        foreach (long length in shape)
            longest = Math.Max(longest, length);
        return longest;
    }

    private static long[] BroadcastShape(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        var shape = new long[Math.Max(a.Length, b.Length)];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            long x = axis < shape.Length - a.Length ? 1 : a[axis - (shape.Length - a.Length)];
            long y = axis < shape.Length - b.Length ? 1 : b[axis - (shape.Length - b.Length)];
            if (x != y && x != 1 && y != 1)
                throw new TensorLayoutException($"shapes {TensorText.Tuple(a)} and {TensorText.Tuple(b)} do not broadcast to one");
            shape[axis] = x == 1 ? y : x;
        }

        return shape;
    }

    private static bool IsClose(double a, double b, double relative, double absolute, bool equalNaN) =>
        double.IsFinite(a) && double.IsFinite(b)
            ? Math.Abs(a - b) <= absolute + (relative * Math.Abs(b))
            : a == b || (equalNaN && double.IsNaN(a) && double.IsNaN(b));

    private static bool IsClose(Complex a, Complex b, double relative, double absolute, bool equalNaN) =>
        Complex.IsFinite(a) && Complex.IsFinite(b)
            ? Complex.Abs(a - b) <= absolute + (relative * Complex.Abs(b))
            : a == b || (equalNaN && IsNaN(a) && IsNaN(b));

    private static bool IsNaN(Complex value) => double.IsNaN(value.Real) || double.IsNaN(value.Imaginary);

    private static bool IsComplex(TensorHandle a, TensorHandle b) => a.DType.Kind == ElementKind.Complex || b.DType.Kind == ElementKind.Complex;

    private static bool IsInteger(DType type) => type.Kind <= ElementKind.UnsignedInteger;

    private static bool IsSigned(DType type) => type.Kind == ElementKind.SignedInteger;

    private static ReadOnlySpan<byte> Bytes(TensorHandle tensor) => new((void*)tensor.Data, checked((int)tensor.Descriptor.ByteLength));
}
