using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Transposes words of 2 bytes: 8 registers, 3 rounds of interleaving register i with register i + 4.</summary>
internal readonly unsafe struct Transpose2<TLanes, TStore> : ITransposeStep
    where TLanes : unmanaged, ILanes<TLanes>
    where TStore : struct, IStore
{
    public static int Columns => 8;

    public static int Rows => 8 * TLanes.Count;

    public static int WordSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        TLanes a0 = TLanes.Load(source, sourceRows, 8);
        TLanes a1 = TLanes.Load(source, sourceRows + 1, 8);
        TLanes a2 = TLanes.Load(source, sourceRows + 2, 8);
        TLanes a3 = TLanes.Load(source, sourceRows + 3, 8);
        TLanes a4 = TLanes.Load(source, sourceRows + 4, 8);
        TLanes a5 = TLanes.Load(source, sourceRows + 5, 8);
        TLanes a6 = TLanes.Load(source, sourceRows + 6, 8);
        TLanes a7 = TLanes.Load(source, sourceRows + 7, 8);

        TLanes b0 = TLanes.Low16(a0, a4);
        TLanes b1 = TLanes.High16(a0, a4);
        TLanes b2 = TLanes.Low16(a1, a5);
        TLanes b3 = TLanes.High16(a1, a5);
        TLanes b4 = TLanes.Low16(a2, a6);
        TLanes b5 = TLanes.High16(a2, a6);
        TLanes b6 = TLanes.Low16(a3, a7);
        TLanes b7 = TLanes.High16(a3, a7);

        TLanes c0 = TLanes.Low16(b0, b4);
        TLanes c1 = TLanes.High16(b0, b4);
        TLanes c2 = TLanes.Low16(b1, b5);
        TLanes c3 = TLanes.High16(b1, b5);
        TLanes c4 = TLanes.Low16(b2, b6);
        TLanes c5 = TLanes.High16(b2, b6);
        TLanes c6 = TLanes.Low16(b3, b7);
        TLanes c7 = TLanes.High16(b3, b7);

        TLanes d0 = TLanes.Low16(c0, c4);
        TLanes d1 = TLanes.High16(c0, c4);
        TLanes d2 = TLanes.Low16(c1, c5);
        TLanes d3 = TLanes.High16(c1, c5);
        TLanes d4 = TLanes.Low16(c2, c6);
        TLanes d5 = TLanes.High16(c2, c6);
        TLanes d6 = TLanes.Low16(c3, c7);
        TLanes d7 = TLanes.High16(c3, c7);

        TStore.Put(d0, destination + destinationRows[0]);
        TStore.Put(d1, destination + destinationRows[1]);
        TStore.Put(d2, destination + destinationRows[2]);
        TStore.Put(d3, destination + destinationRows[3]);
        TStore.Put(d4, destination + destinationRows[4]);
        TStore.Put(d5, destination + destinationRows[5]);
        TStore.Put(d6, destination + destinationRows[6]);
        TStore.Put(d7, destination + destinationRows[7]);
    }
}
