using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Sixteen bytes.</summary>
internal readonly struct Packer1 : IPacker<byte>
{
    public int CountLog2 => 4;

    public int Vectors => 2;

    public int Margin => 0;

    public V16 Gather<TOrder>(ArrayView<byte> source, long at, uint step)
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        uint a = Four<TOrder>(source.SubView(at), step, out ArrayView<byte> last);
        uint b = Four<TOrder>(last.SubView(step), step, out last);
        uint c = Four<TOrder>(last.SubView(step), step, out last);
        uint d = Four<TOrder>(last.SubView(step), step, out _);
        V16 word;
        word.X = falls ? d : a;
        word.Y = falls ? c : b;
        word.Z = falls ? b : c;
        word.W = falls ? a : d;
        return word;
    }

    public void Scatter(V16 word, ArrayView<byte> destination, uint step)
    {
        Scatter(word.X, destination, step, out ArrayView<byte> last);
        Scatter(word.Y, last.SubView(step), step, out last);
        Scatter(word.Z, last.SubView(step), step, out last);
        Scatter(word.W, last.SubView(step), step, out _);
    }

    public V16 Splat(byte word)
    {
        // No multiplication: OpenCL's is signed, and its overflow lets compilers drop the upper bit.
        uint pair = word | ((uint)word << 8);
        V16 result;
        result.X = result.Y = result.Z = result.W = pair | (pair << 16);
        return result;
    }

    public byte First(V16 word) => (byte)word.X;

    private static uint Four<TOrder>(ArrayView<byte> s0, uint step, out ArrayView<byte> last)
        where TOrder : unmanaged, IWordOrder
    {
        ArrayView<byte> s1 = s0.SubView(step);
        ArrayView<byte> s2 = s1.SubView(step);
        ArrayView<byte> s3 = last = s2.SubView(step);
        return default(TOrder).Falls ? Bytes.Join(s3[0], s2[0], s1[0], s0[0]) : Bytes.Join(s0[0], s1[0], s2[0], s3[0]);
    }

    private static void Scatter(uint word, ArrayView<byte> destination, uint step, out ArrayView<byte> last)
    {
        ArrayView<byte> d1 = destination.SubView(step);
        ArrayView<byte> d2 = d1.SubView(step);
        ArrayView<byte> d3 = last = d2.SubView(step);
        destination[0] = (byte)word;
        d1[0] = (byte)(word >> 8);
        d2[0] = (byte)(word >> 16);
        d3[0] = (byte)(word >> 24);
    }
}
