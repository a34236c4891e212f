namespace TensorBridge.Copying;

/// <summary>Copies tensors in host memory: any strides, any shape that broadcasts, another byte order or element type, as fast as memory allows.</summary>
/// <remarks>
/// Everything is checked before the first byte moves. Source and destination may overlap: the source is then copied first, and the
/// result is as if they did not. Device memory is copied by the bridge of its accelerator.
/// </remarks>
public static partial class TensorCopy
{
    private static int s_maxDegree;

    /// <summary>Threads a copy may use when its options do not say. All cores at first; small copies use one in any case.</summary>
    public static int MaxDegree
    {
        get => s_maxDegree > 0 ? s_maxDegree : Environment.ProcessorCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            s_maxDegree = value;
        }
    }

    /// <summary>Copies <paramref name="source"/> into <paramref name="destination"/>, converting the element type where it differs.</summary>
    /// <param name="source">What is read. Its shape is broadcast to the destination's by NumPy's rules.</param>
    /// <param name="destination">What is written: writable, no two elements in the same place.</param>
    /// <param name="options">Casting rule (same kind if not given), threads, progress, cancellation.</param>
    /// <exception cref="TensorLayoutException">The shapes do not broadcast, or the destination is read-only or shares memory with itself.</exception>
    /// <exception cref="TensorUnsupportedException">The casting rule forbids the conversion, or there is none.</exception>
    /// <exception cref="TensorDeviceException">Memory that the host cannot reach.</exception>
    /// <exception cref="OperationCanceledException">The copy was cancelled; part of it may have been written.</exception>
    /// <exception cref="ObjectDisposedException">A handle has been disposed.</exception>
    public static void Copy(TensorHandle source, TensorHandle destination, CopyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        HostCopy.Run(source.Descriptor, destination.Descriptor, options ?? CopyOptions.Default);
        GC.KeepAlive(source);
        GC.KeepAlive(destination);
    }

    /// <summary>The tensor in dense memory: a second handle to the same memory where it is dense already, else a copy.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="order">The order of the axes in memory. Rank, element type and byte order are kept.</param>
    /// <param name="copy">null copies if needed, true always, false never.</param>
    /// <param name="options">Threads, progress, cancellation.</param>
    /// <param name="allocator">Where a copy gets its memory; <see cref="TensorAllocator.Shared"/> if null.</param>
    /// <exception cref="TensorLayoutException"><paramref name="copy"/> is false and the tensor is not dense in that order.</exception>
    public static TensorHandle ToContiguous(TensorHandle source, Order order = Order.C, bool? copy = null, CopyOptions? options = null, TensorAllocator? allocator = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (copy != true && source.Layout.IsContiguous(order))
            return source.Share();
        if (copy == false)
            throw new TensorLayoutException($"expected a tensor dense in {order} order, got {source}; a copy is needed and copy: false forbids it");
        return CopyToNew(source, source.DType, order, options ?? CopyOptions.Default, allocator);
    }

    /// <summary>The tensor with another element type, in memory of its own.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="type">The element type wanted, byte order included.</param>
    /// <param name="casting">Which conversions are allowed; NumPy's <c>astype</c> allows all.</param>
    /// <param name="order">The order of the axes in memory; K keeps the source's.</param>
    /// <param name="copy">False gives a second handle to the same memory where type and order are right already.</param>
    /// <param name="options">Threads, progress, cancellation; its casting rule is not looked at.</param>
    /// <param name="allocator">Where the result gets its memory; <see cref="TensorAllocator.Shared"/> if null.</param>
    /// <exception cref="TensorUnsupportedException">The casting rule forbids the conversion, or there is none.</exception>
    public static TensorHandle Cast(TensorHandle source, DType type, CastingRule casting = CastingRule.Unsafe, Order order = Order.K, bool copy = true, CopyOptions? options = null, TensorAllocator? allocator = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(type);
        CastCheck.ThrowUnlessAllowed(source.DType, type, casting);
        if (!copy && source.DType.Equals(type) && source.Layout.IsContiguous(order))
            return source.Share();
        return CopyToNew(source, type, order, (options ?? CopyOptions.Default) with { Casting = casting }, allocator);
    }

    /// <summary>What <see cref="Copy"/> would do with these two tensors, for people: conversion, threads, axes, kernel family, expected speed.</summary>
    public static string Explain(TensorHandle source, TensorHandle destination, CopyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        return HostCopy.Explain(source.Descriptor, destination.Descriptor, options ?? CopyOptions.Default);
    }

    private static TensorHandle CopyToNew(TensorHandle source, DType type, Order order, CopyOptions options, TensorAllocator? allocator)
    {
        TensorDescriptor descriptor = source.Descriptor;
        HostCopy.CheckReachable(descriptor, "source");
        if (type.ItemSize == 0 && source.ElementCount > 0)
            throw new TensorUnsupportedException($"{type} has items of no bytes: there is nothing to allocate");
        Layout dense = descriptor.Layout.ToContiguous(order);
        if (dense.ItemSize != type.ItemSize)
            dense = Rescale(dense, type.ItemSize);
        TensorHandle result = (allocator ?? TensorAllocator.Shared).Allocate(type, dense, zero: type.IsRecord && !type.Equals(descriptor.DType));
        try
        {
            HostCopy.Run(descriptor, result.Descriptor, options);
        }
        catch
        {
            result.Dispose();
            throw;
        }
        GC.KeepAlive(source);
        return result;
    }

    /// <summary>The same dense order of axes for items of another size.</summary>
    internal static Layout Rescale(Layout dense, int itemSize)
    {
        long[] strides = dense.ByteStrides.ToArray();
        for (int axis = 0; axis < strides.Length; axis++)
            strides[axis] = strides[axis] / Math.Max(1, dense.ItemSize) * itemSize;
        return new Layout(dense.Shape, strides, itemSize);
    }
}
