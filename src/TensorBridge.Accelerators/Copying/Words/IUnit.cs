using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Neighbouring pixels of one channel in a register of at least 4 bytes: a type argument of <see cref="SplitChannels"/> and <see cref="MergeChannels"/>.</summary>
internal interface IUnit<TWord, TUnit>
    where TWord : unmanaged
    where TUnit : unmanaged
{
    /// <summary>Pixels in a unit, as a power of two.</summary>
    int CountLog2 { get; }

    /// <summary>Collects pixels that lie <paramref name="step"/> words apart.</summary>
    TUnit Take(ArrayView<TWord> words, int at, int step);

    /// <summary>Spreads pixels <paramref name="step"/> words apart.</summary>
    void Put(TUnit unit, ArrayView<TWord> words, int at, int step);
}
