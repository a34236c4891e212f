using ILGPU;
using TensorBridge;
using TensorBridge.Accelerators;
using TensorBridge.Accelerators.Kernels;

/// <summary>Kernels that use TensorBridge's views and attributes, and exported host methods.</summary>
public static class BridgeKernels
{
    /// <summary>Negates at any strides.</summary>
    public static void Negate(Index2D index, StridedView<int, Rank2> view) => view.At(index.X, index.Y) = -view.At(index.X, index.Y);

    /// <summary>Adds what is only read, at any strides, broadcast ones included.</summary>
    public static void Add(Index2D index, ReadOnlyStridedView<int, Rank2> x, StridedView<int, Rank2> y) =>
        y.At(index.X, index.Y) += x.At(index.X, index.Y);

    /// <summary>Sums in linear order.</summary>
    public static void AddLinear(Index1D index, ReadOnlyStridedView<int, Rank3> x, StridedView<int, Rank3> y) => y[index] += x[index];

    /// <summary>A read-only input.</summary>
    public static void Copy(Index1D index, ReadOnlyView<float> x, ArrayView<float> y) => y[index] = x[index];

    /// <summary>Dense memory from any layout.</summary>
    public static void Count(Index1D index, [Dense] ArrayView<int> view) => view[index] = index;

    /// <summary>A host method that makes a tensor: the same memory, read backwards, with a claim of its own.</summary>
    [TensorBridgeExport]
    public static TensorHandle Reversed(TensorHandle a)
    {
        TensorHandle owner = a.Share();
        long last = (a.Shape[0] - 1) * a.ByteStrides[0];
        var layout = new Layout([a.Shape[0]], [-a.ByteStrides[0]], a.Layout.ItemSize);
        return new TensorHandle(new TensorDescriptor(a.Data + (nuint)last, a.DType, layout, a.Device), owner, owner.Dispose);
    }

    /// <summary>A host method on numbers and text.</summary>
    [TensorBridgeExport]
    public static string Describe(string name, int count, double factor, bool loud) =>
        FormattableString.Invariant($"{name} {count} {factor}{(loud ? "!" : string.Empty)}");

    /// <summary>A host method that fails.</summary>
    [TensorBridgeExport]
    public static void Fail() => throw new TensorLayoutException("as asked");
}
