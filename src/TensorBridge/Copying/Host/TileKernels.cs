namespace TensorBridge.Copying.Host;

/// <summary>Transposes blocks in registers.</summary>
internal abstract unsafe class TileKernels
{
    /// <summary>True where a register is a whole line, so that transposed rows may be streamed as they come.</summary>
    public abstract bool StreamsLines { get; }

    /// <summary>Fewest words in each direction.</summary>
    public static int SmallestSide(int word) => 16 / word;

    /// <summary>Writes word p of source row q to word q of destination row p; at least <see cref="SmallestSide"/> of each.</summary>
    /// <param name="word">Bytes of a word.</param>
    /// <param name="destination">Base of the destination rows.</param>
    /// <param name="destinationRows">Byte offset of each of <paramref name="columns"/> destination rows.</param>
    /// <param name="source">Base of the source rows.</param>
    /// <param name="sourceRows">Byte offset of each of <paramref name="rows"/> source rows.</param>
    /// <param name="columns">Words in a source row.</param>
    /// <param name="rows">Source rows.</param>
    /// <param name="stream">Streams; needs <see cref="StreamsLines"/>, aligned destination rows and whole lines of <paramref name="rows"/> words.</param>
    public abstract void Transpose(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows, bool stream);
}
