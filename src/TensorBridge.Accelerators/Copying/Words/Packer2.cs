using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Eight words of 2 bytes.</summary>
internal readonly struct Packer2 : IPacker<ushort>
{
    public int CountLog2 => 3;

    public int Vectors => 2;

    public int Margin => 0;

    public V16 Gather<TOrder>(ArrayView<ushort> source, long at, uint step)
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        ArrayView<ushort> s0 = source.SubView(at);
        ArrayView<ushort> s1 = s0.SubView(step);
        ArrayView<ushort> s2 = s1.SubView(step);
        ArrayView<ushort> s3 = s2.SubView(step);
        ArrayView<ushort> s4 = s3.SubView(step);
        ArrayView<ushort> s5 = s4.SubView(step);
        ArrayView<ushort> s6 = s5.SubView(step);
        ArrayView<ushort> s7 = s6.SubView(step);
        uint a = falls ? Bytes.Low(s1[0], s0[0]) : Bytes.Low(s0[0], s1[0]);
        uint b = falls ? Bytes.Low(s3[0], s2[0]) : Bytes.Low(s2[0], s3[0]);
        uint c = falls ? Bytes.Low(s5[0], s4[0]) : Bytes.Low(s4[0], s5[0]);
        uint d = falls ? Bytes.Low(s7[0], s6[0]) : Bytes.Low(s6[0], s7[0]);
        V16 word;
        word.X = falls ? d : a;
        word.Y = falls ? c : b;
        word.Z = falls ? b : c;
        word.W = falls ? a : d;
        return word;
    }

    public void Scatter(V16 word, ArrayView<ushort> destination, uint step)
    {
        ArrayView<ushort> d1 = destination.SubView(step);
        ArrayView<ushort> d2 = d1.SubView(step);
        ArrayView<ushort> d3 = d2.SubView(step);
        ArrayView<ushort> d4 = d3.SubView(step);
        ArrayView<ushort> d5 = d4.SubView(step);
        ArrayView<ushort> d6 = d5.SubView(step);
        ArrayView<ushort> d7 = d6.SubView(step);
        destination[0] = (ushort)word.X;
        d1[0] = (ushort)(word.X >> 16);
        d2[0] = (ushort)word.Y;
        d3[0] = (ushort)(word.Y >> 16);
        d4[0] = (ushort)word.Z;
        d5[0] = (ushort)(word.Z >> 16);
        d6[0] = (ushort)word.W;
        d7[0] = (ushort)(word.W >> 16);
    }

    public V16 Splat(ushort word)
    {
        V16 result;
        result.X = result.Y = result.Z = result.W = word | ((uint)word << 16);
        return result;
    }

    public ushort First(V16 word) => (ushort)word.X;
}
