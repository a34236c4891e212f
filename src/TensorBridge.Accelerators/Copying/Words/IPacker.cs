using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Puts words of one size into a 16-byte word and takes them out again: a type argument of the kernels that are wide on one side only.</summary>
internal interface IPacker<TWord>
    where TWord : unmanaged
{
    /// <summary>Words in 16 bytes, as a power of two.</summary>
    int CountLog2 { get; }

    /// <summary>Wide words a thread moves at once: enough for 64 bytes, and no more than 16 narrow loads.</summary>
    int Vectors { get; }

    /// <summary>Loads words that lie <paramref name="step"/> apart, upwards.</summary>
    V16 Gather(ArrayView<TWord> source, long step);

    /// <summary>Stores words <paramref name="step"/> apart, upwards.</summary>
    void Scatter(V16 word, ArrayView<TWord> destination, long step);

    /// <summary>Turns the order of the words round.</summary>
    V16 Reverse(V16 word);

    /// <summary>The same word everywhere.</summary>
    V16 Splat(TWord word);

    /// <summary>The first word.</summary>
    TWord First(V16 word);
}
