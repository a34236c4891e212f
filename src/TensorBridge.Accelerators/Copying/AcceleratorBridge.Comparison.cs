using ILGPU.Runtime;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

/// <content>Comparisons that stay on the device: four bytes come back, not the tensors.</content>
public abstract partial class AcceleratorBridge
{
    // Tensors that have to be converted first are converted and compared in pieces of this many elements.
    private const long ComparedAtOnce = 1 << 24;

    /// <summary>Whether two tensors have the same shape and equal elements. Waits for the answer.</summary>
    /// <param name="first">A tensor on this device, of any strides and byte order.</param>
    /// <param name="second">Another one. Numbers of different types are compared by value: integers exactly, others as binary64.</param>
    /// <param name="equalNaN">Whether NaN, and NaT, is equal to itself.</param>
    /// <param name="stream">The stream to work on; null for the default stream.</param>
    /// <exception cref="TensorUnsupportedException">Dates of different units, texts of different lengths, or elements without a value of different types.</exception>
    /// <exception cref="TensorDeviceException">A tensor is not on this device, or the driver refuses.</exception>
    public bool AreEqual(TensorHandle first, TensorHandle second, bool equalNaN = false, AcceleratorStream? stream = null)
    {
        CheckReachable(first);
        CheckReachable(second);
        if (!first.Shape.SequenceEqual(second.Shape))
            return false;
        DType a = first.DType, b = second.DType;
        if (a.IsRecord || b.IsRecord)
            return FieldsAreEqual(first, second, equalNaN, stream);
        if (a.IsNumeric && b.IsNumeric)
            return NumbersAreEqual(first, second, equalNaN, stream);
        if (a.Kind != b.Kind)
            return false;
        if (a.Kind is ElementKind.DateTime or ElementKind.TimeDelta)
            return TicksAreEqual(first, second, equalNaN, stream);
        if (!a.Equals(b))
            throw new TensorUnsupportedException($"{a} and {b} cannot be compared on a device; copy both to the host, or cast one to the other's type");
        return a.IsPacked
            ? PackedAreEqual(first, second, stream)
            : InPieces(first, second, (x, y) => BytesAreEqual(x, y, stream));
    }

    /// <summary>Whether all elements satisfy <c>|a - b| &lt;= absolute + relative * |b|</c>, after broadcasting. Waits for the answer.</summary>
    /// <param name="first">A numeric tensor on this device, of any strides and byte order.</param>
    /// <param name="second">Another one; both are compared as binary64, or as complex numbers of it.</param>
    /// <param name="relative">The tolerance in parts of the second.</param>
    /// <param name="absolute">The tolerance in units of the elements.</param>
    /// <param name="equalNaN">Whether NaN is close to itself. Infinities are.</param>
    /// <param name="stream">The stream to work on; null for the default stream.</param>
    /// <exception cref="TensorUnsupportedException">The elements are no numbers.</exception>
    /// <exception cref="TensorLayoutException">The shapes do not broadcast.</exception>
    /// <exception cref="TensorDeviceException">A tensor is not on this device, or the driver refuses.</exception>
    public bool AreClose(TensorHandle first, TensorHandle second, double relative = 1e-5, double absolute = 1e-8, bool equalNaN = false, AcceleratorStream? stream = null)
    {
        CheckReachable(first);
        CheckReachable(second);
        if (!first.DType.IsNumeric || !second.DType.IsNumeric)
            throw new TensorUnsupportedException($"expected numbers, got {first} and {second}; compare these with AreEqual");
        long[] shape = BroadcastShape(first.Shape, second.Shape);
        using TensorHandle left = first.BroadcastTo(shape);
        using TensorHandle right = second.BroadcastTo(shape);
        return AreWithin(left, right, new Tolerances(relative, absolute, equalNaN ? 1 : 0), stream);
    }

    private bool NumbersAreEqual(TensorHandle first, TensorHandle second, bool equalNaN, AcceleratorStream? stream)
    {
        if (first.DType.Kind > ElementKind.UnsignedInteger || second.DType.Kind > ElementKind.UnsignedInteger)
            return AreWithin(first, second, new Tolerances(0, 0, equalNaN ? 1 : 0), stream);
        bool isMixed = (first.DType.Kind == ElementKind.SignedInteger) != (second.DType.Kind == ElementKind.SignedInteger);
        return IntegersAreEqual(first, second, isMixed ? 0 : long.MinValue, stream);
    }

    private bool TicksAreEqual(TensorHandle first, TensorHandle second, bool equalNaN, AcceleratorStream? stream)
    {
        if (first.DType.Unit != second.DType.Unit)
            throw new TensorUnsupportedException($"expected one unit, got {first.DType} and {second.DType}; convert one of the two on the host first");
        using TensorHandle x = first.Reinterpret(DType.Int64.WithByteOrder(first.DType.ByteOrder));
        using TensorHandle y = second.Reinterpret(DType.Int64.WithByteOrder(second.DType.ByteOrder));
        return IntegersAreEqual(x, y, equalNaN ? long.MinValue : long.MinValue + 1, stream);
    }

    private bool FieldsAreEqual(TensorHandle first, TensorHandle second, bool equalNaN, AcceleratorStream? stream)
    {
        if (!first.DType.Fields.Select(field => field.Name).SequenceEqual(second.DType.Fields.Select(field => field.Name)))
            return false;
        foreach (RecordField field in first.DType.Fields)
        {
            using TensorHandle x = first[field.Name];
            using TensorHandle y = second[field.Name];
            if (!AreEqual(x, y, equalNaN, stream))
                return false;
        }

        return true;
    }

    private bool AreWithin(TensorHandle first, TensorHandle second, Tolerances tolerances, AcceleratorStream? stream)
    {
        bool isComplex = first.DType.Kind == ElementKind.Complex || second.DType.Kind == ElementKind.Complex;
        return InPieces(first, second, (x, y) => Pairwise(x, y, isComplex ? DType.Complex128 : DType.Float64, stream, (left, right, count, work) => isComplex
            ? Copies.Comparisons.ComplexNumbers(left, right, count, tolerances, work)
            : Copies.Comparisons.Numbers(left, right, count, tolerances, work)));
    }

    private bool IntegersAreEqual(TensorHandle first, TensorHandle second, long forbidden, AcceleratorStream? stream) =>
        InPieces(first, second, (x, y) => Pairwise(x, y, DType.Int64, stream, (left, right, count, work) => Copies.Comparisons.Integers(left, right, count, forbidden, work)));

    private bool BytesAreEqual(TensorHandle first, TensorHandle second, AcceleratorStream? stream) =>
        Pairwise(first, second, first.DType, stream, (left, right, count, work) => Copies.Comparisons.Bytes(left, right, count * first.DType.ItemSize, work));

    private bool PackedAreEqual(TensorHandle first, TensorHandle second, AcceleratorStream? stream)
    {
        using TensorHandle x = Bytes(first);
        using TensorHandle y = Bytes(second);
        return BytesAreEqual(x, y, stream);

        static TensorHandle Bytes(TensorHandle packed) => packed.View(new TensorDescriptor(
            packed.Data, DType.UInt8, Layout.Contiguous([packed.Descriptor.ByteLength], 1), packed.Device, isReadOnly: true, packed.Descriptor.Stream));
    }

    // Both as dense elements of one type, which costs a copy where they are not that already.
    private bool Pairwise(TensorHandle first, TensorHandle second, DType type, AcceleratorStream? stream, Func<DeviceMemory, DeviceMemory, long, AcceleratorStream, bool> match)
    {
        AcceleratorStream work = stream ?? Accelerator.DefaultStream;
        using TensorHandle x = As(first, type, work);
        using TensorHandle y = As(second, type, work);
        Prepare(x, work);
        Prepare(y, work);
        using CudaScope scope = EnterContext();
        return match(Place(x), Place(y), first.ElementCount, work);
    }

    private TensorHandle As(TensorHandle tensor, DType type, AcceleratorStream work)
    {
        bool isAligned = tensor.Data % (nuint)Math.Min(8, Math.Max(1, type.ItemSize & -type.ItemSize)) == 0;
        return tensor.DType.Equals(type)
            ? ToContiguous(tensor, TensorBridge.Order.C, copy: isAligned ? null : true, work)
            : Cast(tensor, type, CastingRule.Unsafe, work);
    }

    // Halves along the longest axis until a piece is small enough; the same cuts on both sides, the first difference ends it.
    private static bool InPieces(TensorHandle first, TensorHandle second, Func<TensorHandle, TensorHandle, bool> match)
    {
        if (first.Layout.ElementCount == 0)
            return true;
        if (first.ElementCount <= ComparedAtOnce)
            return match(first, second);
        int axis = 0;
        for (int other = 1; other < first.Rank; other++)
            axis = first.Shape[other] > first.Shape[axis] ? other : axis;
        long middle = first.Shape[axis] / 2;
        return InPieces(first, second, axis, TensorIndex.Slice(0, middle), match) && InPieces(first, second, axis, TensorIndex.Slice(middle), match);
    }

    private static bool InPieces(TensorHandle first, TensorHandle second, int axis, TensorIndex part, Func<TensorHandle, TensorHandle, bool> match)
    {
        TensorIndex[] index = [.. Enumerable.Repeat(TensorIndex.All, axis), part];
        using TensorHandle x = first[index];
        using TensorHandle y = second[index];
        return InPieces(x, y, match);
    }

    private static long[] BroadcastShape(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        var shape = new long[Math.Max(first.Length, second.Length)];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int left = axis - (shape.Length - first.Length), right = axis - (shape.Length - second.Length);
            long x = left < 0 ? 1 : first[left], y = right < 0 ? 1 : second[right];
            if (x != y && x != 1 && y != 1)
                throw new TensorLayoutException($"shapes {TensorText.Tuple(first)} and {TensorText.Tuple(second)} do not broadcast to one");
            shape[axis] = x == 1 ? y : x;
        }

        return shape;
    }
}
