using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Transposes words of 8 bytes: 2 registers, 1 round of interleaving register i with register i + 1.</summary>
internal readonly unsafe struct Transpose8<TLanes, TStore> : ITransposeStep
    where TLanes : unmanaged, ILanes<TLanes>
    where TStore : struct, IStore
{
    public static int Columns => 2;

    public static int Rows => 2 * TLanes.Count;

    public static int WordSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        TLanes a0 = TLanes.Load(source, sourceRows, 2);
        TLanes a1 = TLanes.Load(source, sourceRows + 1, 2);

        TLanes b0 = TLanes.Low64(a0, a1);
        TLanes b1 = TLanes.High64(a0, a1);

        TStore.Put(b0, destination + destinationRows[0]);
        TStore.Put(b1, destination + destinationRows[1]);
    }
}
