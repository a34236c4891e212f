using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators;

/// <summary>Shows tensors to the kernels of one ILGPU accelerator, without copying them.</summary>
/// <remarks>
/// Views borrow: they keep a handle's memory from being finalized, but disposing the handle ends them. Every
/// check is made here, because ILGPU checks neither owner nor lifetime nor length, and ends the process on an
/// index it does not like.
/// </remarks>
public abstract partial class AcceleratorBridge : IDisposable
{
    private readonly ConditionalWeakTable<TensorHandle, MemoryBuffer> _buffers = [];
    private bool _disposed;

    private protected AcceleratorBridge(Context context, Accelerator accelerator, Device device)
    {
        Context = context;
        Accelerator = accelerator;
        Device = device;
    }

    /// <summary>The ILGPU context, built at optimisation level O2.</summary>
    public Context Context { get; }

    /// <summary>The ILGPU accelerator: load kernels on it.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>The device whose memory the accelerator works on.</summary>
    public Device Device { get; }

    /// <summary>A tensor dense in C order, of any rank, as a flat view over the same memory.</summary>
    /// <param name="handle">A writable tensor on this device whose element type is <typeparamref name="T"/>.</param>
    /// <param name="stream">The stream that the view will be used on; null for the default stream. It waits for the producer's pending work.</param>
    /// <returns>A view of all elements; <see cref="ArrayView{T}.Empty"/> when there are none.</returns>
    /// <exception cref="TensorLayoutException">The element type, the layout or the read-only mark does not fit.</exception>
    /// <exception cref="TensorDeviceException">The memory is not on this device.</exception>
    /// <exception cref="ObjectDisposedException">The handle or the bridge is disposed.</exception>
    public ArrayView<T> View<T>(TensorHandle handle, AcceleratorStream? stream = null)
        where T : unmanaged
    {
        CheckWritable(handle);
        return Flat<T>(handle, stream);
    }

    /// <summary>As <see cref="View{T}"/>, for tensors that must not be written.</summary>
    /// <inheritdoc cref="View{T}"/>
    public ReadOnlyView<T> ReadOnlyView<T>(TensorHandle handle, AcceleratorStream? stream = null)
        where T : unmanaged => new(Flat<T>(handle, stream));

    /// <summary>A tensor of rank 1 at any non-negative stride, as ILGPU's strided view.</summary>
    /// <inheritdoc cref="View2D{T}"/>
    public ArrayView1D<T, Stride1D.General> View1D<T>(TensorHandle handle, AcceleratorStream? stream = null)
        where T : unmanaged
    {
        CheckWritable(handle);
        if (IsEmpty<T>(handle, 1, stream))
            return default;
        Span<int> strides = stackalloc int[1];
        ArrayView<T> memory = Span<T>(handle, 1, strides);
        return new ArrayView1D<T, Stride1D.General>(memory, handle.Shape[0], new Stride1D.General(strides[0]));
    }

    /// <summary>A tensor of rank 2 at any non-negative strides, as ILGPU's strided view: <c>view[i, j]</c> is NumPy's <c>a[i, j]</c>.</summary>
    /// <param name="handle">A writable tensor on this device whose element type is <typeparamref name="T"/>.</param>
    /// <param name="stream">The stream that the view will be used on; null for the default stream. It waits for the producer's pending work.</param>
    /// <returns>The view; the default value when there are no elements.</returns>
    /// <exception cref="TensorLayoutException">
    /// Element type, rank or read-only mark does not fit; a stride is negative, no multiple of the element size, or beyond 32 bits.
    /// <see cref="Strided{T, TRank}"/> takes negative and long strides.
    /// </exception>
    /// <exception cref="TensorDeviceException">The memory is not on this device.</exception>
    /// <exception cref="ObjectDisposedException">The handle or the bridge is disposed.</exception>
    public ArrayView2D<T, Stride2D.General> View2D<T>(TensorHandle handle, AcceleratorStream? stream = null)
        where T : unmanaged
    {
        CheckWritable(handle);
        if (IsEmpty<T>(handle, 2, stream))
            return default;
        Span<int> strides = stackalloc int[2];
        ArrayView<T> memory = Span<T>(handle, 2, strides);
        return new ArrayView2D<T, Stride2D.General>(
            memory,
            new LongIndex2D(handle.Shape[0], handle.Shape[1]),
            new Stride2D.General(new Index2D(strides[0], strides[1])));
    }

    /// <summary>A tensor of rank 3 at any non-negative strides, as ILGPU's strided view: <c>view[i, j, k]</c> is NumPy's <c>a[i, j, k]</c>.</summary>
    /// <inheritdoc cref="View2D{T}"/>
    public ArrayView3D<T, Stride3D.General> View3D<T>(TensorHandle handle, AcceleratorStream? stream = null)
        where T : unmanaged
    {
        CheckWritable(handle);
        if (IsEmpty<T>(handle, 3, stream))
            return default;
        Span<int> strides = stackalloc int[3];
        ArrayView<T> memory = Span<T>(handle, 3, strides);
        return new ArrayView3D<T, Stride3D.General>(
            memory,
            new LongIndex3D(handle.Shape[0], handle.Shape[1], handle.Shape[2]),
            new Stride3D.General(new Index3D(strides[0], strides[1], strides[2])));
    }

    /// <summary>A tensor at any strides, negative and zero ones included, for kernels.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <typeparam name="TRank">
    /// The rank: <see cref="Rank1"/> to <see cref="Rank8"/>. A tensor of lower rank gets leading axes of length 1. As <see cref="Rank8"/> a
    /// tensor of higher rank is shown with its axes of length 1 dropped and then neighbouring axes fused where memory allows, outermost
    /// first and no more than needed: walk it in C order (<c>view[linear]</c>), or by its innermost axes, which stay what they are.
    /// </typeparam>
    /// <param name="handle">A writable tensor on this device whose elements do not share bytes.</param>
    /// <param name="stream">The stream that the view will be used on; null for the default stream. It waits for the producer's pending work.</param>
    /// <exception cref="TensorLayoutException">
    /// The element type, the rank or the read-only mark does not fit, a stride is no multiple of the element size,
    /// or elements share memory (a broadcast tensor must be read through <see cref="ReadOnlyStrided{T, TRank}"/>).
    /// </exception>
    /// <exception cref="TensorDeviceException">The memory is not on this device.</exception>
    /// <exception cref="ObjectDisposedException">The handle or the bridge is disposed.</exception>
    public StridedView<T, TRank> Strided<T, TRank>(TensorHandle handle, AcceleratorStream? stream = null)
        where T : unmanaged
        where TRank : unmanaged, IRank<TRank>
    {
        CheckWritable(handle);
        if (!handle.Layout.IsUnique)
            throw new TensorLayoutException($"elements of {handle} share memory, so a kernel must not write them; use ReadOnlyStrided, or copy with ToContiguous() first");
        return AnyStrides<T, TRank>(handle, stream);
    }

    /// <summary>A tensor at any strides, for kernels that only read it. Broadcast and read-only tensors are welcome.</summary>
    /// <inheritdoc cref="Strided{T, TRank}"/>
    public ReadOnlyStridedView<T, TRank> ReadOnlyStrided<T, TRank>(TensorHandle handle, AcceleratorStream? stream = null)
        where T : unmanaged
        where TRank : unmanaged, IRank<TRank> => AnyStrides<T, TRank>(handle, stream).AsReadOnly();

    /// <summary>Disposes the accelerator and its context. Tensors are not touched: they belong to their handles.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        DisposeCopies();
        _disposed = true;
        DisposeCore();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether kernels of this accelerator can read memory of <paramref name="device"/> through its address.</summary>
    internal abstract bool CanReach(Device device);

    /// <summary>Wraps memory from the lowest address on; the wrapper must never free it.</summary>
    private protected abstract MemoryBuffer Wrap(TensorHandle handle, nuint lowest, long length, int elementSize);

    /// <summary>Where in its wrapper the tensor's memory begins, in elements; only buffers without addresses begin elsewhere than at 0.</summary>
    private protected virtual long StartOf(TensorHandle handle, nuint lowest, int elementSize) => 0;

    /// <summary>Called for every view, after its checks: orders the stream behind the producer's pending work.</summary>
    private protected virtual void Prepare(TensorHandle handle, AcceleratorStream? stream)
    {
    }

    private protected virtual void DisposeCore()
    {
        Accelerator.Dispose();
        Context.Dispose();
    }

    private protected void CheckDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private static void CheckWritable(TensorHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (handle.IsReadOnly)
            throw new TensorLayoutException($"{handle} is read-only; use ReadOnlyView or ReadOnlyStrided, or a copy");
    }

    private void Check<T>(TensorHandle handle, AcceleratorStream? stream)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handle);
        CheckDisposed();
        TensorDescriptor tensor = handle.Descriptor;
        if (!CanReach(tensor.Device))
            throw new TensorDeviceException($"expected a tensor on {Device}, got {tensor}; copy it to the device first");
        ElementTypes.Check<T>(tensor);
        if (tensor.Layout.ElementCount > 0 && tensor.Data % (nuint)ElementTypes.Alignment<T>() != 0)
            throw new TensorLayoutException($"data pointer 0x{tensor.Data:x} of {tensor} is not aligned to the {ElementTypes.Alignment<T>()} bytes that kernels need for {typeof(T).Name}; call ToContiguous(copy: true)");
        Prepare(handle, stream);
    }

    private ArrayView<T> Flat<T>(TensorHandle handle, AcceleratorStream? stream)
        where T : unmanaged
    {
        Check<T>(handle, stream);
        if (!handle.Layout.IsCContiguous)
            throw new TensorLayoutException($"expected a tensor dense in C order, got {handle}; use View2D, View3D or Strided, or call ToContiguous()");
        return handle.ElementCount == 0 ? ArrayView<T>.Empty : new ArrayView<T>(BufferOf(handle, out long start, out _), start, handle.ElementCount);
    }

    private bool IsEmpty<T>(TensorHandle handle, int rank, AcceleratorStream? stream)
        where T : unmanaged
    {
        Check<T>(handle, stream);
        if (handle.Rank != rank)
            throw new TensorLayoutException($"expected a tensor of rank {rank}, got {handle}; reshape or index it first");
        return handle.ElementCount == 0;
    }

    private ArrayView<T> Span<T>(TensorHandle handle, int rank, Span<int> strides)
        where T : unmanaged
    {
        Layout layout = handle.Layout;
        for (int axis = 0; axis < rank; axis++)
        {
            // An axis of length 1 is never stepped; its stride may be anything and is written as 1.
            long stride = layout.Shape[axis] > 1 ? ElementStride(handle, axis) : 1;
            if (stride < 0)
                throw new TensorLayoutException($"stride {layout.ByteStrides[axis]} of axis {axis} of {handle} is negative, which ILGPU's views cannot say; use Strided<T, Rank{rank}>");
            if (stride > int.MaxValue || layout.Shape[axis] > int.MaxValue)
                throw new TensorLayoutException($"axis {axis} of {handle} needs more than the 32 bits of ILGPU's views; use Strided<T, Rank{rank}>");
            strides[axis] = (int)stride;
        }

        return Memory<T>(handle);
    }

    private StridedView<T, TRank> AnyStrides<T, TRank>(TensorHandle handle, AcceleratorStream? stream)
        where T : unmanaged
        where TRank : unmanaged, IRank<TRank>
    {
        Check<T>(handle, stream);
        Layout layout = StridedAxes.Fit<TRank>(handle.Layout) ?? throw new TensorLayoutException(TRank.Rank < StridedAxes.MostAxes
            ? $"expected a tensor of rank {TRank.Rank} or less, got {handle}; reshape or index it first"
            : $"expected a tensor of rank {TRank.Rank} or less, or one whose neighbouring axes lie in memory as one, got {handle}; index it, or call ToContiguous() first");
        for (int axis = 0; axis < handle.Rank; axis++)
        {
            if (handle.Shape[axis] > 1)
                _ = ElementStride(handle, axis);
        }

        TRank axes = StridedAxes.Create<TRank>(layout);
        return handle.ElementCount == 0
            ? new StridedView<T, TRank>(ArrayView<T>.Empty, 0, axes)
            : new StridedView<T, TRank>(Memory<T>(handle), -handle.Layout.Extent.Low / handle.Layout.ItemSize, axes);
    }

    /// <summary>A tensor's memory from its lowest address to its highest, unchecked.</summary>
    internal ArrayView<T> Memory<T>(TensorHandle handle)
        where T : unmanaged
    {
        MemoryBuffer buffer = BufferOf(handle, out long start, out long length);
        return new ArrayView<T>(buffer, start, length);
    }

    private MemoryBuffer BufferOf(TensorHandle handle, out long start, out long length)
    {
        int itemSize = handle.Layout.ItemSize;
        (long low, long high) = handle.Layout.Extent;
        nuint lowest = unchecked(handle.Data + (nuint)low);
        length = (high - low) / itemSize;
        if (!_buffers.TryGetValue(handle, out MemoryBuffer? buffer))
            buffer = Add(handle, lowest, length, itemSize);
        start = StartOf(handle, lowest, itemSize);
        return buffer;
    }

    private MemoryBuffer Add(TensorHandle handle, nuint lowest, long length, int itemSize) =>
        _buffers.GetValue(handle, h => Wrap(h, lowest, length, itemSize));

    private static long ElementStride(TensorHandle handle, int axis)
    {
        long stride = handle.ByteStrides[axis];
        return stride % handle.Layout.ItemSize == 0
            ? stride / handle.Layout.ItemSize
            : throw new TensorLayoutException($"stride {stride} of axis {axis} of {handle} is no multiple of its {handle.Layout.ItemSize}-byte elements; call ToContiguous()");
    }
}
