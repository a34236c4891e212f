using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>One pixel of 4 bytes.</summary>
internal readonly struct Unit4 : IUnit<uint, uint>
{
    public int CountLog2 => 0;

    public uint Take(ArrayView<uint> words, int at, int step) =>
        words[at];

    public void Put(uint unit, ArrayView<uint> words, int at, int step)
    {
        words[at] = unit;
    }
}
