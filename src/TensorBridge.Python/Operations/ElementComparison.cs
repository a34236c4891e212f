using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>Compares the elements of two tensors in host memory, whatever their strides, byte orders and numeric types.</summary>
/// <remarks>
/// Each question is a type that both sides are brought to and a rule (<see cref="IElementMatch{T}"/>). Dense memory of that
/// type is compared where it lies, see <see cref="PairwiseBlocks"/> for the rest.
/// </remarks>
internal static class ElementComparison
{
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
        var tolerance = new Tolerance(relative, absolute, equalNaN);
        if (IsComplex(a, b))
            return PairwiseBlocks.Match<double, CloseComplexNumbers>(left, right, DType.Complex128, new CloseComplexNumbers(tolerance));
        if (AreSmallFloats(a, b))
            return PairwiseBlocks.Match<float, CloseSingles>(left, right, DType.Float32, new CloseSingles(tolerance));
        return AreInt32(a, b)
            ? PairwiseBlocks.Match<int, CloseInt32>(left, right, DType.Int32, new CloseInt32(tolerance))
            : PairwiseBlocks.Match<double, CloseNumbers>(left, right, DType.Float64, new CloseNumbers(tolerance));
    }

    private static bool NumbersAreEqual(TensorHandle a, TensorHandle b, bool equalNaN)
    {
        if (a.DType.Kind == ElementKind.Boolean && b.DType.Kind == ElementKind.Boolean)
            return PairwiseBlocks.Match<byte, EqualBooleans>(a, b, a.DType, default);
        if (IsInteger(a.DType) && IsInteger(b.DType))
            return IntegersAreEqual(a, b);
        if (IsComplex(a, b))
        {
            return a.DType.ItemSize <= 8 && b.DType.ItemSize <= 8 && a.DType.Kind == b.DType.Kind
                ? PairwiseBlocks.Match<float, EqualComplexNumbers<float>>(a, b, DType.Complex64, new EqualComplexNumbers<float>(equalNaN))
                : PairwiseBlocks.Match<double, EqualComplexNumbers<double>>(a, b, DType.Complex128, new EqualComplexNumbers<double>(equalNaN));
        }

        return AreSmallFloats(a, b)
            ? PairwiseBlocks.Match<float, EqualNumbers<float>>(a, b, DType.Float32, new EqualNumbers<float>(equalNaN))
            : PairwiseBlocks.Match<double, EqualNumbers<double>>(a, b, DType.Float64, new EqualNumbers<double>(equalNaN));
    }

    private static bool IntegersAreEqual(TensorHandle a, TensorHandle b)
    {
        if (a.DType == b.DType)
            return PairwiseBlocks.Match<byte, EqualItems>(a, b, a.DType, default);
        bool isMixed = (a.DType.Kind == ElementKind.SignedInteger) != (b.DType.Kind == ElementKind.SignedInteger);
        return PairwiseBlocks.Match<long, EqualIntegers>(a, b, DType.Int64, new EqualIntegers(isMixed));
    }

    private static bool TicksAreEqual(TensorHandle a, TensorHandle b, bool equalNaN)
    {
        if (a.DType.Unit != b.DType.Unit)
            throw new TensorUnsupportedException($"expected one unit, got {a.DType} and {b.DType}; convert one of the two with astype first");
        using TensorHandle x = a.Reinterpret(DType.Int64.WithByteOrder(a.DType.ByteOrder));
        using TensorHandle y = b.Reinterpret(DType.Int64.WithByteOrder(b.DType.ByteOrder));
        return PairwiseBlocks.Match<long, EqualTicks>(x, y, DType.Int64, new EqualTicks(equalNaN));
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
        : PairwiseBlocks.All(a, b, (x, y) =>
        {
            List<object?> left = PythonValue.All(x);
            List<object?> right = PythonValue.All(y);
            return left.Zip(right).All(pair => pair.First is byte[] bytes ? bytes.AsSpan().SequenceEqual((byte[])pair.Second!) : Equals(pair.First, pair.Second));
        });

    private static unsafe bool BytesAreEqual(TensorHandle a, TensorHandle b)
    {
        if (a.DType != b.DType)
            throw new TensorUnsupportedException($"{a.DType} and {b.DType} are carried, not computed on, and cannot be compared");
        return a.DType.IsPacked
            ? DenseMatch.All<byte, EqualItems>(a.Data, b.Data, a.Descriptor.ByteLength, default)
            : PairwiseBlocks.Match<byte, EqualItems>(a, b, a.DType, default);
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

    private static bool IsComplex(TensorHandle a, TensorHandle b) => a.DType.Kind == ElementKind.Complex || b.DType.Kind == ElementKind.Complex;

    private static bool IsInteger(DType type) => type.Kind <= ElementKind.UnsignedInteger;

    private static bool AreInt32(TensorHandle a, TensorHandle b) => IsInt32(a.DType) && IsInt32(b.DType);

    private static bool IsInt32(DType type) => type.Kind == ElementKind.SignedInteger && type.ItemSize == 4;

    // Float32 holds all values of the smaller ones.
    private static bool AreSmallFloats(TensorHandle a, TensorHandle b) => IsSmallFloat(a.DType) && IsSmallFloat(b.DType);

    private static bool IsSmallFloat(DType type) => type.Kind is ElementKind.Float or ElementKind.BrainFloat && type.ItemSize <= 4;
}
