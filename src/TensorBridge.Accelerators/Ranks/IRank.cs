namespace TensorBridge.Accelerators;

/// <summary>The geometry of a strided view with a fixed number of axes; a type argument, so that it folds into the kernel.</summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
public interface IRank<TSelf>
    where TSelf : unmanaged, IRank<TSelf>
{
    /// <summary>The number of axes, 1 to 8.</summary>
    static abstract int Rank { get; }

    /// <summary>The number of elements.</summary>
    long ElementCount { get; }

    /// <summary>Makes the geometry from lengths and element strides, one per axis.</summary>
    static abstract TSelf Create(ReadOnlySpan<long> lengths, ReadOnlySpan<long> strides);

    /// <summary>Elements from element 0 to the one that stands at <paramref name="linear"/> in C order.</summary>
    long OffsetOfLinear(long linear);
}
