using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Four pixels of one byte.</summary>
internal readonly struct Unit1 : IUnit<byte, uint>
{
    public int CountLog2 => 2;

    public uint Take(ArrayView<byte> words, int at, int step) =>
        Bytes.Join(words[at], words[at + step], words[at + (2 * step)], words[at + (3 * step)]);

    public void Put(uint unit, ArrayView<byte> words, int at, int step)
    {
        words[at] = (byte)unit;
        words[at + step] = (byte)(unit >> 8);
        words[at + (2 * step)] = (byte)(unit >> 16);
        words[at + (3 * step)] = (byte)(unit >> 24);
    }
}
