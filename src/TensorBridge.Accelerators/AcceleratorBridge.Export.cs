using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators;

public abstract partial class AcceleratorBridge
{
    /// <summary>New memory of this accelerator as a tensor dense in C order. The contents are not initialised.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="shape">Lengths of the axes.</param>
    /// <returns>A handle that owns the memory: it is freed when the handle and every view and export of it are gone.</returns>
    /// <exception cref="OverflowException">The size exceeds 63 bits.</exception>
    /// <exception cref="ObjectDisposedException">The bridge is disposed.</exception>
    public TensorHandle Allocate<T>(params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        CheckDisposed();
        var layout = Layout.Contiguous(shape, Unsafe.SizeOf<T>());
        return AllocateCore(DType.Of<T>(), layout);
    }

    /// <summary>Memory that ILGPU allocated, as a tensor dense in C order over the same memory.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="view">A view of a buffer of this accelerator.</param>
    /// <param name="shape">Lengths of the axes, as many elements as the view has; none for one axis.</param>
    /// <param name="isReadOnly">Whether users of the tensor are forbidden to write.</param>
    /// <param name="stream">The stream on which work on the view is pending; null for the default stream. Consumers wait for it.</param>
    /// <returns>
    /// A handle that keeps the buffer reachable. It cannot hold off an explicit <c>Dispose</c> of the buffer, which ends the memory
    /// under every export: use <see cref="Allocate{T}"/> for memory whose end waits for its last user.
    /// </returns>
    /// <exception cref="TensorLayoutException">The shape has another number of elements than the view.</exception>
    /// <exception cref="TensorDeviceException">The view belongs to another accelerator, or its buffer is disposed.</exception>
    public TensorHandle Export<T>(ArrayView<T> view, ReadOnlySpan<long> shape = default, bool isReadOnly = false, AcceleratorStream? stream = null)
        where T : unmanaged
    {
        ReadOnlySpan<long> lengths = shape.IsEmpty ? [view.Length] : shape;
        var layout = Layout.Contiguous(lengths, Unsafe.SizeOf<T>());
        if (layout.ElementCount != view.Length)
            throw new TensorLayoutException($"shape {TensorText.Tuple(lengths)} has {layout.ElementCount} elements, the view has {view.Length}");
        return ExportLayout(view, layout, isReadOnly, stream);
    }

    /// <summary>A two-dimensional ILGPU view as a tensor over the same memory: <c>a[i, j]</c> is <c>view[i, j]</c>.</summary>
    /// <inheritdoc cref="Export{T}(ArrayView{T}, ReadOnlySpan{long}, bool, AcceleratorStream)"/>
    public TensorHandle Export<T, TStride>(ArrayView2D<T, TStride> view, bool isReadOnly = false, AcceleratorStream? stream = null)
        where T : unmanaged
        where TStride : struct, IStride2D
    {
        int size = Unsafe.SizeOf<T>();
        var layout = new Layout([view.Extent.X, view.Extent.Y], [(long)view.Stride.XStride * size, (long)view.Stride.YStride * size], size);
        return ExportLayout(view.BaseView, layout, isReadOnly, stream);
    }

    /// <summary>A three-dimensional ILGPU view as a tensor over the same memory: <c>a[i, j, k]</c> is <c>view[i, j, k]</c>.</summary>
    /// <inheritdoc cref="Export{T}(ArrayView{T}, ReadOnlySpan{long}, bool, AcceleratorStream)"/>
    public TensorHandle Export<T, TStride>(ArrayView3D<T, TStride> view, bool isReadOnly = false, AcceleratorStream? stream = null)
        where T : unmanaged
        where TStride : struct, IStride3D
    {
        int size = Unsafe.SizeOf<T>();
        var layout = new Layout(
            [view.Extent.X, view.Extent.Y, view.Extent.Z],
            [(long)view.Stride.XStride * size, (long)view.Stride.YStride * size, (long)view.Stride.ZStride * size],
            size);
        return ExportLayout(view.BaseView, layout, isReadOnly, stream);
    }

    private TensorHandle ExportLayout<T>(ArrayView<T> view, Layout layout, bool isReadOnly, AcceleratorStream? stream)
        where T : unmanaged
    {
        CheckDisposed();
        if (!view.IsValid)
            return new TensorHandle(Describe<T>(0, Layout.Contiguous(layout.Shape, layout.ItemSize), isReadOnly));
        MemoryBuffer buffer = ((IArrayView)view).Buffer;
        if (buffer.Accelerator != Accelerator)
            throw new TensorDeviceException($"the view belongs to {buffer.Accelerator.Name}, this bridge to {Accelerator.Name}; export it through its own bridge");
        if (buffer.IsDisposed)
            throw new TensorDeviceException("the view's buffer is disposed, its memory is gone");
        return Own(Describe<T>(view.LoadEffectiveAddressAsPtr(), layout, isReadOnly, PendingOn(stream)), buffer);
    }

    /// <summary>New memory that the handle owns.</summary>
    private protected virtual TensorHandle AllocateCore(DType type, Layout layout)
    {
        // ILGPU allocates no zero bytes; the memory of an empty tensor is never looked at.
        MemoryBuffer buffer = Accelerator.AllocateRaw(Math.Max(1, layout.PayloadBytes), 1);
        try
        {
            return new TensorHandle(new TensorDescriptor((nuint)buffer.NativePtr, type, layout, Device), buffer, buffer.Dispose);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>A handle to memory that <paramref name="buffer"/> owns.</summary>
    private protected virtual TensorHandle Own(TensorDescriptor descriptor, MemoryBuffer buffer) => new(descriptor, buffer);

    /// <summary>What a descriptor says about the stream on which work is pending; host memory has none.</summary>
    private protected virtual nint? PendingOn(AcceleratorStream? stream) => null;

    private TensorDescriptor Describe<T>(nint address, Layout layout, bool isReadOnly, nint? stream = null)
        where T : unmanaged => new((nuint)address, DType.Of<T>(), layout, Device, isReadOnly, stream);
}
