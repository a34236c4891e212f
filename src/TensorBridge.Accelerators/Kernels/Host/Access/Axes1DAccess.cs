using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Stands for <see cref="ArrayView1D{T, TStride}"/> in an inlined kernel, see <see cref="FlatAccess{T}"/>.</summary>
internal readonly unsafe struct Axes1DAccess<T, TStride>
    where T : unmanaged
    where TStride : struct, IStride1D
{
    private readonly T* _data;
    private readonly long _x;
    private readonly long _strideX;
    private readonly long _length;
    private readonly int _parameter;

    private Axes1DAccess(ArrayView1D<T, TStride> view, int parameter)
    {
        _data = HostMemoryOf.Address(view.BaseView);
        _x = view.Extent.X;
        _strideX = view.Stride.XStride;
        _length = view.Length;
        _parameter = parameter;
    }

    public long Length => _length;

    public int IntLength => checked((int)_length);

    public LongIndex1D Extent => new(_x);

    public Index1D IntExtent => new((int)_x);

    private long StrideX => typeof(TStride) == typeof(Stride1D.Dense) ? 1 : _strideX;

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
            if ((ulong)index >= (ulong)_x)
                AccessErrors.OutOfRange(_parameter, index, _x);
            return ref _data[index * StrideX];
        }
    }

    /// <summary>Bytes from an element to the next one along the last axis.</summary>
    public nint Step => (nint)StrideX * sizeof(T);

    /// <summary>The address of an element, unchecked; see <see cref="DirectAccess"/>.</summary>
    public nint AddressOf(int x) => (nint)(_data + (x * StrideX));

    public static Axes1DAccess<T, TStride> Open(ArrayView1D<T, TStride> view, int parameter) => new(view, parameter);
}
