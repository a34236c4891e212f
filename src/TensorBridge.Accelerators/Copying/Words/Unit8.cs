using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>One pixel of 8 bytes.</summary>
internal readonly struct Unit8 : IUnit<ulong, ulong>
{
    public int CountLog2 => 0;

    public ulong Take(ArrayView<ulong> words, int at, int step) =>
        words[at];

    public void Put(ulong unit, ArrayView<ulong> words, int at, int step)
    {
        words[at] = unit;
    }
}
