using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Transposes words of 4 bytes: 4 registers, 2 rounds of interleaving register i with register i + 2.</summary>
internal readonly unsafe struct Transpose4<TLanes, TStore> : ITransposeStep
    where TLanes : unmanaged, ILanes<TLanes>
    where TStore : struct, IStore
{
    public static int Columns => 4;

    public static int Rows => 4 * TLanes.Count;

    public static int WordSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        TLanes a0 = TLanes.Load(source, sourceRows, 4);
        TLanes a1 = TLanes.Load(source, sourceRows + 1, 4);
        TLanes a2 = TLanes.Load(source, sourceRows + 2, 4);
        TLanes a3 = TLanes.Load(source, sourceRows + 3, 4);

        TLanes b0 = TLanes.Low32(a0, a2);
        TLanes b1 = TLanes.High32(a0, a2);
        TLanes b2 = TLanes.Low32(a1, a3);
        TLanes b3 = TLanes.High32(a1, a3);

        TLanes c0 = TLanes.Low32(b0, b2);
        TLanes c1 = TLanes.High32(b0, b2);
        TLanes c2 = TLanes.Low32(b1, b3);
        TLanes c3 = TLanes.High32(b1, b3);

        TStore.Put(c0, destination + destinationRows[0]);
        TStore.Put(c1, destination + destinationRows[1]);
        TStore.Put(c2, destination + destinationRows[2]);
        TStore.Put(c3, destination + destinationRows[3]);
    }
}
