using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Transposes blocks in registers. Here the choice of the register; one class per instruction set says which there are.</summary>
internal abstract unsafe class TileKernels
{
    /// <summary>True where a register is a whole line, so that transposed rows may be streamed as they come.</summary>
    public abstract bool StreamsLines { get; }

    /// <summary>Fewest words in each direction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>Transposes with registers of one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected static void Run<TLanes, TStore>(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
        where TLanes : unmanaged, ILanes<TLanes>
        where TStore : struct, IStore
    {
        switch (word)
        {
            case 1: Run<Transpose1<TLanes, TStore>>(destination, destinationRows, source, sourceRows, columns, rows); break;
            case 2: Run<Transpose2<TLanes, TStore>>(destination, destinationRows, source, sourceRows, columns, rows); break;
            case 4: Run<Transpose4<TLanes, TStore>>(destination, destinationRows, source, sourceRows, columns, rows); break;
            case 8: Run<Transpose8<TLanes, TStore>>(destination, destinationRows, source, sourceRows, columns, rows); break;
            default: Run<Transpose16<TLanes, TStore>>(destination, destinationRows, source, sourceRows, columns, rows); break;
        }
    }

    /// <summary>Transposes with one kind of step.</summary>
    /// <remarks>
    /// Steps that use up whole source lines go along the destination rows: stores that miss the first-level cache are dearer than loads and want the prefetcher. Steps that take 16 bytes
    /// of a line go along the source rows, to use up the rest of it before it is evicted, above all where the pitch is a power of two.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected static void Run<TStep>(byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
        where TStep : struct, ITransposeStep
    {
        if (rows > TStep.Rows && TStep.Columns * TStep.WordSize == 64)
            TransposeLoop<TStep>.AlongDestination(destination, destinationRows, source, sourceRows, columns, rows);
        else
            TransposeLoop<TStep>.AlongSource(destination, destinationRows, source, sourceRows, columns, rows);
    }
}
