using System.Globalization;
using System.Runtime.CompilerServices;
using TensorBridge.Copying.Host;

namespace TensorBridge.Copying;

/// <summary>One copy between two descriptors in host memory: checks, overlap, choice of operation, plan, threads.</summary>
internal static unsafe class HostCopy
{
    [SkipLocalsInit]
    public static void Run(TensorDescriptor source, TensorDescriptor destination, CopyOptions options)
    {
        CheckReachable(source, "source");
        CheckWritable(destination);
        if (TryMove(source, destination, options))
            return;
        Span<long> strides = stackalloc long[destination.Layout.Rank];
        Broadcast(source, destination, strides);
        CastCheck.ThrowUnlessAllowed(source.DType, destination.DType, options.Casting);
        options.Cancellation.ThrowIfCancellationRequested();
        if (destination.Layout.ElementCount == 0 || destination.DType.ItemSize == 0)
            return;
        Transfer(source, destination, strides, options);
    }

    /// <summary>Stores <paramref name="item"/> everywhere.</summary>
    [SkipLocalsInit]
    public static void Fill(TensorDescriptor destination, ReadOnlySpan<byte> item, CopyOptions options)
    {
        CheckWritable(destination);
        options.Cancellation.ThrowIfCancellationRequested();
        if (destination.Layout.ElementCount == 0 || item.Length == 0)
            return;
        Span<long> strides = stackalloc long[destination.Layout.Rank];
        strides.Clear();
        // The item is read while elements are written, and may be one of them.
        Span<byte> own = item.Length <= 256 ? stackalloc byte[item.Length] : new byte[item.Length];
        item.CopyTo(own);
        fixed (byte* from = own)
            Execute(CopyOp.Fill(item.Length), from, destination, strides, options);
    }

    public static string Explain(TensorDescriptor source, TensorDescriptor destination, CopyOptions options)
    {
        Span<long> strides = stackalloc long[destination.Layout.Rank];
        Broadcast(source, destination, strides);
        CastCheck.ThrowUnlessAllowed(source.DType, destination.DType, options.Casting);
        string head = $"{source} -> {destination}\n";
        if (destination.Layout.ElementCount == 0 || destination.DType.ItemSize == 0)
            return head + "nothing to move";
        if (!SingleOp.TryCreate(source.DType, destination.DType, out CopyOp op))
            return head + "field by field or tick by tick: several copies, one per field or pass";
        Plan plan = Planner.GetOrCreate(op, destination.Layout.Shape, strides, destination.Layout.ByteStrides);
        string overlap = Clash(source, destination, strides) == Overlap.Shared ? "source and destination overlap: through a temporary\n" : "";
        int degree = Degree(plan, options);
        return head + overlap + plan.Explain() + string.Create(CultureInfo.InvariantCulture, $"; up to {degree} thread{(degree == 1 ? "" : "s")}");
    }

    public static void CheckReachable(TensorDescriptor tensor, string side)
    {
        if (!tensor.Device.IsHostAccessible)
            throw new TensorDeviceException($"expected a {side} that the host can reach, got {tensor}; copy it with the bridge of that device");
    }

    private static void CheckWritable(TensorDescriptor destination)
    {
        CheckReachable(destination, "destination");
        if (destination.IsReadOnly)
            throw new TensorLayoutException($"expected a writable destination, got {destination}; copy into memory that may be written");
    }

    /// <summary>Small dense tensors of one type and shape are a move of bytes, overlap and all: no plan, no strides.</summary>
    private static bool TryMove(TensorDescriptor source, TensorDescriptor destination, CopyOptions options)
    {
        Layout from = source.Layout;
        Layout to = destination.Layout;
        if (!from.IsCContiguous || !to.IsCContiguous || options.IsWatched || !source.DType.Equals(destination.DType))
            return false;
        long bytes = destination.ByteLength;
        if (bytes >= HostEngine.ThreadingThreshold || !from.Shape.SequenceEqual(to.Shape))
            return false;
        Buffer.MemoryCopy((void*)source.Data, (void*)destination.Data, bytes, bytes);
        return true;
    }

    /// <summary>Source strides for the destination's axes, by NumPy's broadcasting rules.</summary>
    internal static void Broadcast(TensorDescriptor source, TensorDescriptor destination, Span<long> strides)
    {
        ReadOnlySpan<long> from = source.Layout.Shape;
        ReadOnlySpan<long> to = destination.Layout.Shape;
        int lead = to.Length - from.Length;
        for (int axis = 0; axis < -lead; axis++)
        {
            // Leading axes of length 1 may be more than the destination has.
            if (from[axis] != 1)
                throw NotBroadcastable(source, destination);
        }
        for (int axis = 0; axis < to.Length; axis++)
        {
            int own = axis - lead;
            if (own < 0 || (from[own] == 1 && to[axis] != 1))
                strides[axis] = 0;
            else if (from[own] == to[axis])
                strides[axis] = source.Layout.ByteStrides[own];
            else
                throw NotBroadcastable(source, destination);
        }
    }

    private static TensorLayoutException NotBroadcastable(TensorDescriptor source, TensorDescriptor destination) =>
        new($"expected a source of shape {TensorText.Tuple(destination.Shape)} or one that broadcasts to it, got {source}; reshape one of the two");

    private static void Transfer(TensorDescriptor source, TensorDescriptor destination, ReadOnlySpan<long> strides, CopyOptions options)
    {
        switch (Clash(source, destination, strides))
        {
            case Overlap.Same when source.DType.Equals(destination.DType):
                CheckUnique(destination);
                return;
            case Overlap.Shared:
                CheckUnique(destination);
                using (TensorHandle own = TensorAllocator.Shared.Allocate(source.DType, source.Layout.ToContiguous(Order.K)))
                {
                    Run(source, own.Descriptor, options with { Casting = CastingRule.No, Progress = null });
                    Run(own.Descriptor, destination, options);
                }
                return;
        }
        if (source.DType.IsPacked)
            CopyPacked(source, destination);
        else if (SingleOp.TryCreate(source.DType, destination.DType, out CopyOp op))
            Execute(op, (byte*)source.Data, destination, strides, options);
        else
            CompositeCopy.Run(source, destination, strides, options);
    }

    /// <summary>Elements that share bytes are dense: the bytes are copied as such.</summary>
    private static void CopyPacked(TensorDescriptor source, TensorDescriptor destination)
    {
        if (!source.Shape.SequenceEqual(destination.Shape))
            throw new TensorUnsupportedException($"{source.DType} packs elements into shared bytes, so it cannot be broadcast from {TensorText.Tuple(source.Shape)} to {TensorText.Tuple(destination.Shape)}; give both the same shape");
        Buffer.MemoryCopy((void*)source.Data, (void*)destination.Data, destination.ByteLength, source.ByteLength);
    }

    /// <summary>One plan, from the source address (with strides for the destination's axes) into the destination.</summary>
    internal static void Execute(in CopyOp op, byte* source, TensorDescriptor destination, ReadOnlySpan<long> strides, CopyOptions options)
    {
        Plan plan = Planner.GetOrCreate(op, destination.Layout.Shape, strides, destination.Layout.ByteStrides);
        if (!plan.IsDestinationNested)
            CheckUnique(destination);
        byte* to = (byte*)destination.Data;
        PlanEngine.Execute(plan, source, to, Degree(plan, options), options);
    }

    private static int Degree(Plan plan, CopyOptions options)
    {
        if (plan.Bytes < HostEngine.ThreadingThreshold)
            return 1;
        return options.MaxDegree > 0 ? options.MaxDegree : TensorCopy.MaxDegree;
    }

    internal static void CheckUnique(TensorDescriptor destination)
    {
        if (!destination.Layout.IsUnique)
            throw new TensorLayoutException($"expected a destination whose elements do not share memory, got {destination}; copy into memory of its own");
    }

    internal static Overlap Clash(TensorDescriptor source, TensorDescriptor destination, ReadOnlySpan<long> strides)
    {
        (long sourceLow, long sourceHigh) = source.Layout.Extent;
        (long low, long high) = destination.Layout.Extent;
        if ((nint)source.Data + sourceHigh <= (nint)destination.Data + low || (nint)destination.Data + high <= (nint)source.Data + sourceLow)
            return Overlap.None;
        if (IsSame(source, destination, strides))
            return Overlap.Same;
        return MemoryOverlap.Overlaps(source, destination) ? Overlap.Shared : Overlap.None;
    }

    /// <summary>Every element is read and written in one place: converting it there is safe.</summary>
    private static bool IsSame(TensorDescriptor source, TensorDescriptor destination, ReadOnlySpan<long> strides)
    {
        if (source.Data != destination.Data || source.DType.ItemSize != destination.DType.ItemSize)
            return false;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            if (destination.Shape[axis] > 1 && strides[axis] != destination.Layout.ByteStrides[axis])
                return false;
        }
        // Records of the same size may still hold their fields in other places.
        return !source.DType.IsRecord || CastingRules.SameButForOrder(source.DType, destination.DType);
    }

    internal enum Overlap
    {
        None,
        Same,
        Shared,
    }
}
