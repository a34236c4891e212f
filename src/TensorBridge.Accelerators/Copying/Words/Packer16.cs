using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>One word of 16 bytes.</summary>
internal readonly struct Packer16 : IPacker<V16>
{
    public int CountLog2 => 0;

    public int Vectors => 4;

    public int Margin => 0;

    public V16 Gather<TOrder>(ArrayView<V16> source, long at, uint step)
        where TOrder : unmanaged, IWordOrder => source[at];

    public void Scatter(V16 word, ArrayView<V16> destination, uint step) => destination[0] = word;

    public V16 Splat(V16 word) => word;

    public V16 First(V16 word) => word;
}
