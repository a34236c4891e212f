using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Four words of 4 bytes.</summary>
internal readonly struct Packer4 : IPacker<uint>
{
    public int CountLog2 => 2;

    public int Vectors => 4;

    public int Margin => 0;

    public V16 Gather<TOrder>(ArrayView<uint> source, long at, uint step)
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        ArrayView<uint> s0 = source.SubView(at);
        ArrayView<uint> s1 = s0.SubView(step);
        ArrayView<uint> s2 = s1.SubView(step);
        ArrayView<uint> s3 = s2.SubView(step);
        V16 word;
        word.X = falls ? s3[0] : s0[0];
        word.Y = falls ? s2[0] : s1[0];
        word.Z = falls ? s1[0] : s2[0];
        word.W = falls ? s0[0] : s3[0];
        return word;
    }

    public void Scatter(V16 word, ArrayView<uint> destination, uint step)
    {
        ArrayView<uint> d1 = destination.SubView(step);
        ArrayView<uint> d2 = d1.SubView(step);
        ArrayView<uint> d3 = d2.SubView(step);
        destination[0] = word.X;
        d1[0] = word.Y;
        d2[0] = word.Z;
        d3[0] = word.W;
    }

    public V16 Splat(uint word)
    {
        V16 result;
        result.X = result.Y = result.Z = result.W = word;
        return result;
    }

    public uint First(V16 word) => word.X;
}
