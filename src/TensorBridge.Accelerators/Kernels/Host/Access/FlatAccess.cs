using System.Runtime.CompilerServices;
using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Stands for <see cref="ArrayView{T}"/> in an inlined kernel: an address and a length, which the JIT keeps in registers.</summary>
/// <remarks>
/// Members have the names and parameters of those they stand for; <see cref="InlinedBody"/> finds them by that. What is
/// missing here makes a kernel run through ILGPU's own view.
/// </remarks>
internal readonly unsafe struct FlatAccess<T>
    where T : unmanaged
{
    private readonly T* _data;
    private readonly long _length;
    private readonly int _parameter;

    private FlatAccess(T* data, long length, int parameter)
    {
        _data = data;
        _length = length;
        _parameter = parameter;
    }

    public long Length => _length;

    public int IntLength => checked((int)_length);

    public LongIndex1D Extent => new(_length);

    public Index1D IntExtent => new(IntLength);

    public bool IsValid => _length > 0;

    public ref T this[Index1D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[(long)index.X];
    }

    public ref T this[LongIndex1D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[index.X];
    }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[(long)index];
    }

    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)index >= (ulong)_length)
                AccessErrors.OutOfRange(_parameter, index, _length);
            return ref _data[index];
        }
    }

    /// <summary>Bytes from an element to the next one along the last axis.</summary>
    public nint Step => sizeof(T);

    /// <summary>The address of an element, unchecked; see <see cref="DirectAccess"/>.</summary>
    public nint AddressOf(int x) => (nint)(_data + x);

    public FlatAccess<T> SubView(long index) => SubView(index, _length - index);

    public FlatAccess<T> SubView(int index, int subViewLength) => SubView((long)index, subViewLength);

    public FlatAccess<T> SubView(long index, long subViewLength)
    {
        // Without a sum that could overflow, unlike ILGPU's own check.
        if ((ulong)index > (ulong)_length || (ulong)subViewLength > (ulong)(_length - index))
            AccessErrors.PartOutOfRange(_parameter, index, subViewLength, _length);
        return new FlatAccess<T>(_data + index, subViewLength, _parameter);
    }

    public static FlatAccess<T> Open(ArrayView<T> view, int parameter) => new(HostMemoryOf.Address(view), view.Length, parameter);
}
