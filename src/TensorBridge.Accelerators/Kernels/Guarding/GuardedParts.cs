using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Stands for the parts of ILGPU's views in kernels that run on its views on the host.</summary>
/// <remarks>
/// ILGPU adds index and length before it compares, so that a part of nearly 2^63 elements passes its check and reaches beyond the memory. Here
/// such a length becomes the least one that does not pass. ILGPU compiles these methods for its emulator: they are plain arithmetic.
/// </remarks>
internal static class GuardedParts
{
    public static ArrayView<T> SubView<T>(ref ArrayView<T> view, int index, int length)
        where T : unmanaged => view.SubView(index, Refused(view.Length, index, length));

    public static ArrayView<T> SubView<T>(ref ArrayView<T> view, long index, long length)
        where T : unmanaged => view.SubView(index, Refused(view.Length, index, length));

    public static ArrayView1D<T, TStride> SubView<T, TStride>(ref ArrayView1D<T, TStride> view, Index1D index, Index1D extent)
        where T : unmanaged
        where TStride : struct, IStride1D => SubView(ref view, new LongIndex1D(index.X), new LongIndex1D(extent.X));

    public static ArrayView1D<T, TStride> SubView<T, TStride>(ref ArrayView1D<T, TStride> view, LongIndex1D index, LongIndex1D extent)
        where T : unmanaged
        where TStride : struct, IStride1D => view.SubView(index, new LongIndex1D(Refused(view.Extent.X, index.X, extent.X)));

    public static ArrayView2D<T, TStride> SubView<T, TStride>(ref ArrayView2D<T, TStride> view, Index2D index, Index2D extent)
        where T : unmanaged
        where TStride : struct, IStride2D => SubView(ref view, new LongIndex2D(index.X, index.Y), new LongIndex2D(extent.X, extent.Y));

    public static ArrayView2D<T, TStride> SubView<T, TStride>(ref ArrayView2D<T, TStride> view, LongIndex2D index, LongIndex2D extent)
        where T : unmanaged
        where TStride : struct, IStride2D =>
        view.SubView(index, new LongIndex2D(Refused(view.Extent.X, index.X, extent.X), Refused(view.Extent.Y, index.Y, extent.Y)));

    public static ArrayView3D<T, TStride> SubView<T, TStride>(ref ArrayView3D<T, TStride> view, Index3D index, Index3D extent)
        where T : unmanaged
        where TStride : struct, IStride3D =>
        SubView(ref view, new LongIndex3D(index.X, index.Y, index.Z), new LongIndex3D(extent.X, extent.Y, extent.Z));

    public static ArrayView3D<T, TStride> SubView<T, TStride>(ref ArrayView3D<T, TStride> view, LongIndex3D index, LongIndex3D extent)
        where T : unmanaged
        where TStride : struct, IStride3D =>
        view.SubView(index, new LongIndex3D(Refused(view.Extent.X, index.X, extent.X), Refused(view.Extent.Y, index.Y, extent.Y), Refused(view.Extent.Z, index.Z, extent.Z)));

    // An index that is out of range itself ILGPU refuses before it looks at the length.
    private static long Refused(long whole, long index, long length) => length > whole - index ? whole - index + 1 : length;
}
