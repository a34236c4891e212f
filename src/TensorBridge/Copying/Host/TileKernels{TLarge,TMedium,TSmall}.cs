namespace TensorBridge.Copying.Host;

/// <summary>The block transposes of one instruction set: the largest register that the number of rows fills.</summary>
internal sealed unsafe class TileKernels<TLarge, TMedium, TSmall> : TileKernels
    where TLarge : unmanaged, ILanes<TLarge>
    where TMedium : unmanaged, ILanes<TMedium>
    where TSmall : unmanaged, ILanes<TSmall>
{
    public override bool StreamsLines => TLarge.Count == 4;

    public override void Transpose(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows, bool stream)
    {
        if (stream)
            Run<TLarge, StreamingStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else if (rows * word >= 16 * TLarge.Count)
            Run<TLarge, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else if (rows * word >= 16 * TMedium.Count)
            Run<TMedium, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else
            Run<TSmall, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
    }

    private static void Run<TLanes, TStore>(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
        where TLanes : unmanaged, ILanes<TLanes>
        where TStore : struct, IStore
    {
        switch (word)
        {
            case 1: TransposeLoop<Transpose1<TLanes, TStore>>.Run(destination, destinationRows, source, sourceRows, columns, rows); break;
            case 2: TransposeLoop<Transpose2<TLanes, TStore>>.Run(destination, destinationRows, source, sourceRows, columns, rows); break;
            case 4: TransposeLoop<Transpose4<TLanes, TStore>>.Run(destination, destinationRows, source, sourceRows, columns, rows); break;
            case 8: TransposeLoop<Transpose8<TLanes, TStore>>.Run(destination, destinationRows, source, sourceRows, columns, rows); break;
            default: TransposeLoop<Transpose16<TLanes, TStore>>.Run(destination, destinationRows, source, sourceRows, columns, rows); break;
        }
    }
}
