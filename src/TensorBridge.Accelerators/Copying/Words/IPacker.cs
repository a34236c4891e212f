using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Puts words of one size into a 16-byte word and takes them out again: a type argument of the kernels that are wide on one side only.</summary>
internal interface IPacker<TWord>
    where TWord : unmanaged
{
    /// <summary>Words in 16 bytes, as a power of two.</summary>
    int CountLog2 { get; }

    /// <summary>Wide words a thread gathers at once: enough for 32 bytes at least.</summary>
    int Vectors { get; }

    /// <summary>Words that <see cref="Gather"/> may touch before and after those it was asked for.</summary>
    int Margin { get; }

    /// <summary>Loads words that lie <paramref name="step"/> apart, upwards from <paramref name="at"/>; below 2^32, so that an address is one instruction. In a falling order the first of them comes last.</summary>
    V16 Gather<TOrder>(ArrayView<TWord> source, long at, uint step)
        where TOrder : unmanaged, IWordOrder;

    /// <summary>Stores words <paramref name="step"/> apart, upwards.</summary>
    void Scatter(V16 word, ArrayView<TWord> destination, uint step);

    /// <summary>The same word everywhere.</summary>
    V16 Splat(TWord word);

    /// <summary>The first word.</summary>
    TWord First(V16 word);
}
