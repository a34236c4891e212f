using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Sixteen bytes.</summary>
internal readonly struct Packer1 : IPacker<byte>
{
    public int CountLog2 => 4;

    public int Vectors => 2;

    public int Margin => 0;

    public V16 Gather<TOrder>(ArrayView<byte> source, long at, long step)
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        ArrayView<byte> s0 = source.SubView(at);
        ArrayView<byte> s4 = s0.SubView(4 * step);
        ArrayView<byte> s8 = s4.SubView(4 * step);
        ArrayView<byte> s12 = s8.SubView(4 * step);
        uint a = Four<TOrder>(s0, step);
        uint b = Four<TOrder>(s4, step);
        uint c = Four<TOrder>(s8, step);
        uint d = Four<TOrder>(s12, step);
        V16 word;
        word.X = falls ? d : a;
        word.Y = falls ? c : b;
        word.Z = falls ? b : c;
        word.W = falls ? a : d;
        return word;
    }

    public void Scatter(V16 word, ArrayView<byte> destination, long step)
    {
        Scatter(word.X, destination, step);
        Scatter(word.Y, destination.SubView(4 * step), step);
        Scatter(word.Z, destination.SubView(8 * step), step);
        Scatter(word.W, destination.SubView(12 * step), step);
    }

    public V16 Splat(byte word)
    {
        V16 result;
        result.X = result.Y = result.Z = result.W = word * 0x01010101u;
        return result;
    }

    public byte First(V16 word) => (byte)word.X;

    private static uint Four<TOrder>(ArrayView<byte> s0, long step)
        where TOrder : unmanaged, IWordOrder
    {
        ArrayView<byte> s1 = s0.SubView(step);
        ArrayView<byte> s2 = s1.SubView(step);
        ArrayView<byte> s3 = s2.SubView(step);
        return default(TOrder).Falls ? Bytes.Join(s3[0], s2[0], s1[0], s0[0]) : Bytes.Join(s0[0], s1[0], s2[0], s3[0]);
    }

    private static void Scatter(uint word, ArrayView<byte> destination, long step)
    {
        ArrayView<byte> d1 = destination.SubView(step);
        ArrayView<byte> d2 = d1.SubView(step);
        ArrayView<byte> d3 = d2.SubView(step);
        destination[0] = (byte)word;
        d1[0] = (byte)(word >> 8);
        d2[0] = (byte)(word >> 16);
        d3[0] = (byte)(word >> 24);
    }
}
