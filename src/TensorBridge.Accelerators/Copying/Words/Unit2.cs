using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Two pixels of 2 bytes.</summary>
internal readonly struct Unit2 : IUnit<ushort, uint>
{
    public int CountLog2 => 1;

    public uint Take(ArrayView<ushort> words, int at, int step) =>
        Bytes.Low(words[at], words[at + step]);

    public void Put(uint unit, ArrayView<ushort> words, int at, int step)
    {
        words[at] = (ushort)unit;
        words[at + step] = (ushort)(unit >> 16);
    }
}
