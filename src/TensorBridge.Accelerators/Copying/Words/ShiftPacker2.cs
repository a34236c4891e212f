using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>8 neighbouring words of 2 bytes at any place: five aligned 4-byte loads, shifted together.</summary>
/// <remarks>
/// <code>
/// aligned words  |w0        |w1        |w2        |w3        |w4        |
/// wanted              |X         |Y         |Z         |W         |
/// </code>
/// The view begins on 4 bytes.
/// </remarks>
internal readonly struct ShiftPacker2 : IPacker<ushort>
{
    public int CountLog2 => 3;

    public int Vectors => 2;

    public int Margin => 2;

    public V16 Gather<TOrder>(ArrayView<ushort> source, long at, uint step)
        where TOrder : unmanaged, IWordOrder
    {
        ArrayView<uint> words = source.Cast<uint>().SubView(at >> 1);
        int shift = ((int)at & 1) * 16;
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

    public void Scatter(V16 word, ArrayView<ushort> destination, uint step) => default(Packer2).Scatter(word, destination, step);

    public V16 Splat(ushort word) => default(Packer2).Splat(word);

    public ushort First(V16 word) => default(Packer2).First(word);
}
