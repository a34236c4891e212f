using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Stands for <see cref="ArrayView3D{T, TStride}"/> in an inlined kernel, see <see cref="FlatAccess{T}"/>.</summary>
internal readonly unsafe struct Axes3DAccess<T, TStride>
    where T : unmanaged
    where TStride : struct, IStride3D
{
    private readonly T* _data;
    private readonly long _x;
    private readonly long _y;
    private readonly long _z;
    private readonly long _strideX;
    private readonly long _strideY;
    private readonly long _strideZ;
    private readonly long _length;
    private readonly int _parameter;

    private Axes3DAccess(ArrayView3D<T, TStride> view, int parameter)
    {
        _data = HostMemoryOf.Address(view.BaseView);
        (_x, _y, _z) = (view.Extent.X, view.Extent.Y, view.Extent.Z);
        (_strideX, _strideY, _strideZ) = (view.Stride.XStride, view.Stride.YStride, view.Stride.ZStride);
        _length = view.Length;
        _parameter = parameter;
    }

    public long Length => _length;

    public int IntLength => checked((int)_length);

    public LongIndex3D Extent => new(_x, _y, _z);

    public Index3D IntExtent => new((int)_x, (int)_y, (int)_z);

    private long StrideX => typeof(TStride) == typeof(Stride3D.DenseXY) ? 1 : _strideX;

    private long StrideZ => typeof(TStride) == typeof(Stride3D.DenseZY) ? 1 : _strideZ;

    public ref T this[Index3D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[(long)index.X, (long)index.Y, (long)index.Z];
    }

    public ref T this[LongIndex3D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[index.X, index.Y, index.Z];
    }

    public ref T this[int x, int y, int z]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref this[(long)x, (long)y, (long)z];
    }

    public ref T this[long x, long y, long z]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)x >= (ulong)_x || (ulong)y >= (ulong)_y || (ulong)z >= (ulong)_z)
                AccessErrors.OutOfRange(_parameter, x, y, z, _x, _y, _z);
            return ref _data[(x * StrideX) + (y * _strideY) + (z * StrideZ)];
        }
    }

    /// <summary>Bytes from an element to the next one along the last axis.</summary>
    public nint Step => (nint)StrideZ * sizeof(T);

    /// <summary>The address of an element, unchecked; see <see cref="DirectAccess"/>.</summary>
    public nint AddressOf(int x, int y, int z) => (nint)(_data + (x * StrideX) + (y * _strideY) + (z * StrideZ));

    public static Axes3DAccess<T, TStride> Open(ArrayView3D<T, TStride> view, int parameter) => new(view, parameter);
}
