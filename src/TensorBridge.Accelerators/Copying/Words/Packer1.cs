using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Sixteen bytes.</summary>
internal readonly struct Packer1 : IPacker<byte>
{
    public int CountLog2 => 4;

    public int Vectors => 1;

    public V16 Gather(ArrayView<byte> source, long step)
    {
        ArrayView<byte> s1 = source.SubView(step);
        ArrayView<byte> s2 = s1.SubView(step);
        ArrayView<byte> s3 = s2.SubView(step);
        ArrayView<byte> s4 = s3.SubView(step);
        ArrayView<byte> s5 = s4.SubView(step);
        ArrayView<byte> s6 = s5.SubView(step);
        ArrayView<byte> s7 = s6.SubView(step);
        ArrayView<byte> s8 = s7.SubView(step);
        ArrayView<byte> s9 = s8.SubView(step);
        ArrayView<byte> s10 = s9.SubView(step);
        ArrayView<byte> s11 = s10.SubView(step);
        ArrayView<byte> s12 = s11.SubView(step);
        ArrayView<byte> s13 = s12.SubView(step);
        ArrayView<byte> s14 = s13.SubView(step);
        ArrayView<byte> s15 = s14.SubView(step);
        V16 word;
        word.X = Bytes.Join(source[0], s1[0], s2[0], s3[0]);
        word.Y = Bytes.Join(s4[0], s5[0], s6[0], s7[0]);
        word.Z = Bytes.Join(s8[0], s9[0], s10[0], s11[0]);
        word.W = Bytes.Join(s12[0], s13[0], s14[0], s15[0]);
        return word;
    }

    public void Scatter(V16 word, ArrayView<byte> destination, long step)
    {
        Scatter(word.X, destination, step);
        Scatter(word.Y, destination.SubView(4 * step), step);
        Scatter(word.Z, destination.SubView(8 * step), step);
        Scatter(word.W, destination.SubView(12 * step), step);
    }

    public V16 Reverse(V16 word) => default(ReverseV16By1).Apply(word);

    public V16 Splat(byte word)
    {
        V16 result;
        result.X = result.Y = result.Z = result.W = word * 0x01010101u;
        return result;
    }

    public byte First(V16 word) => (byte)word.X;

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
