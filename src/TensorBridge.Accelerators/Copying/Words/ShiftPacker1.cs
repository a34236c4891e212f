using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>16 neighbouring words of 1 byte at any place: five aligned 4-byte loads, shifted together.</summary>
/// <remarks>
/// <code>
/// aligned words  |w0        |w1        |w2        |w3        |w4        |
/// wanted              |X         |Y         |Z         |W         |
/// </code>
/// The view begins on 4 bytes.
/// </remarks>
internal readonly struct ShiftPacker1 : IPacker<byte>
{
    public int CountLog2 => 4;

    public int Vectors => 2;

    public int Margin => 4;

    public V16 Gather<TOrder>(ArrayView<byte> source, long at, uint step)
        where TOrder : unmanaged, IWordOrder
    {
        ArrayView<uint> words = source.Cast<uint>().SubView(at >> 2);
        int shift = ((int)at & 3) * 8;
        uint w0 = words[0];
        uint w1 = words[1];
        uint w2 = words[2];
        uint w3 = words[3];
        uint w4 = words[4];
        V16 word;
        word.X = Bytes.Shift(w0, w1, shift);
        word.Y = Bytes.Shift(w1, w2, shift);
        word.Z = Bytes.Shift(w2, w3, shift);
        word.W = Bytes.Shift(w3, w4, shift);
        return word;
    }

    public void Scatter(V16 word, ArrayView<byte> destination, uint step) => default(Packer1).Scatter(word, destination, step);

    public V16 Splat(byte word) => default(Packer1).Splat(word);

    public byte First(V16 word) => default(Packer1).First(word);
}
