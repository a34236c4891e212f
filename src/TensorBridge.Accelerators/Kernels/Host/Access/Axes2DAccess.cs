using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Stands for <see cref="ArrayView2D{T, TStride}"/> in an inlined kernel, see <see cref="FlatAccess{T}"/>.</summary>
internal readonly unsafe struct Axes2DAccess<T, TStride>
    where T : unmanaged
    where TStride : struct, IStride2D
{
    private readonly T* _data;
    private readonly long _x;
    private readonly long _y;
    private readonly long _strideX;
    private readonly long _strideY;
    private readonly long _length;
    private readonly int _parameter;

    private Axes2DAccess(ArrayView2D<T, TStride> view, int parameter)
    {
        _data = HostMemoryOf.Address(view.BaseView);
        _x = view.Extent.X;
        _y = view.Extent.Y;
        _strideX = view.Stride.XStride;
        _strideY = view.Stride.YStride;
        _length = view.Length;
        _parameter = parameter;
    }

    public long Length => _length;

    public int IntLength => checked((int)_length);

    public LongIndex2D Extent => new(_x, _y);

    public Index2D IntExtent => new((int)_x, (int)_y);

    private long StrideX => typeof(TStride) == typeof(Stride2D.DenseX) ? 1 : _strideX;

    private long StrideY => typeof(TStride) == typeof(Stride2D.DenseY) ? 1 : _strideY;

    public ref T this[Index2D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[(long)index.X, (long)index.Y];
    }

    public ref T this[LongIndex2D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[index.X, index.Y];
    }

    public ref T this[int x, int y]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[(long)x, (long)y];
    }

    public ref T this[long x, long y]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)x >= (ulong)_x || (ulong)y >= (ulong)_y)
                AccessErrors.OutOfRange(_parameter, x, y, _x, _y);
            return ref _data[(x * StrideX) + (y * StrideY)];
        }
    }

    /// <summary>Bytes from an element to the next one along the last axis.</summary>
    public nint Step => (nint)StrideY * sizeof(T);

    /// <summary>The address of an element, unchecked; see <see cref="DirectAccess"/>.</summary>
    public nint AddressOf(int x, int y) => (nint)(_data + (x * StrideX) + (y * StrideY));

    public static Axes2DAccess<T, TStride> Open(ArrayView2D<T, TStride> view, int parameter) => new(view, parameter);
}
