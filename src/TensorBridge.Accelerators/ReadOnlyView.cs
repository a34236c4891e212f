using ILGPU;

namespace TensorBridge.Accelerators;

/// <summary>Contiguous elements for reading only: what <see cref="ArrayView{T}"/> is for writable memory. A value for kernels.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct ReadOnlyView<T>
    where T : unmanaged
{
    private readonly ArrayView<T> _view;

    internal ReadOnlyView(ArrayView<T> view) => _view = view;

    /// <summary>The number of elements.</summary>
    public long Length => _view.Length;

    internal ArrayView<T> Memory => _view;

    /// <summary>The value at <paramref name="index"/>.</summary>
    public T this[long index] => _view[index];

    /// <summary>The value at <paramref name="index"/>.</summary>
    public T this[Index1D index] => _view[index];
}
