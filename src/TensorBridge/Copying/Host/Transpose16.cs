using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Transposes words of 16 bytes: a word is a lane, so loading the lanes from their rows is all there is to do.</summary>
internal readonly unsafe struct Transpose16<TLanes, TStore> : ITransposeStep
    where TLanes : unmanaged, ILanes<TLanes>
    where TStore : struct, IStore
{
    public static int Columns => 1;

    public static int Rows => 1 * TLanes.Count;

    public static int WordSize => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        TStore.Put(TLanes.Load(source, sourceRows, 1), destination + destinationRows[0]);
    }
}
