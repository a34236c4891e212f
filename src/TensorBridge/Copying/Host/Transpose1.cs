using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Transposes words of 1 byte: 16 registers, 4 rounds of interleaving register i with register i + 8.</summary>
internal readonly unsafe struct Transpose1<TLanes, TStore> : ITransposeStep
    where TLanes : unmanaged, ILanes<TLanes>
    where TStore : struct, IStore
{
    public static int Columns => 16;

    public static int Rows => 16 * TLanes.Count;

    public static int WordSize => 1;

    /// <remarks>A call of its own: inlined into the loop it is over the compiler's budget, which leaves all of its parts as calls instead (measured: 1/40).</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        TLanes a0 = TLanes.Load(source, sourceRows, 16);
        TLanes a1 = TLanes.Load(source, sourceRows + 1, 16);
        TLanes a2 = TLanes.Load(source, sourceRows + 2, 16);
        TLanes a3 = TLanes.Load(source, sourceRows + 3, 16);
        TLanes a4 = TLanes.Load(source, sourceRows + 4, 16);
        TLanes a5 = TLanes.Load(source, sourceRows + 5, 16);
        TLanes a6 = TLanes.Load(source, sourceRows + 6, 16);
        TLanes a7 = TLanes.Load(source, sourceRows + 7, 16);
        TLanes a8 = TLanes.Load(source, sourceRows + 8, 16);
        TLanes a9 = TLanes.Load(source, sourceRows + 9, 16);
        TLanes a10 = TLanes.Load(source, sourceRows + 10, 16);
        TLanes a11 = TLanes.Load(source, sourceRows + 11, 16);
        TLanes a12 = TLanes.Load(source, sourceRows + 12, 16);
        TLanes a13 = TLanes.Load(source, sourceRows + 13, 16);
        TLanes a14 = TLanes.Load(source, sourceRows + 14, 16);
        TLanes a15 = TLanes.Load(source, sourceRows + 15, 16);

        TLanes b0 = TLanes.Low8(a0, a8);
        TLanes b1 = TLanes.High8(a0, a8);
        TLanes b2 = TLanes.Low8(a1, a9);
        TLanes b3 = TLanes.High8(a1, a9);
        TLanes b4 = TLanes.Low8(a2, a10);
        TLanes b5 = TLanes.High8(a2, a10);
        TLanes b6 = TLanes.Low8(a3, a11);
        TLanes b7 = TLanes.High8(a3, a11);
        TLanes b8 = TLanes.Low8(a4, a12);
        TLanes b9 = TLanes.High8(a4, a12);
        TLanes b10 = TLanes.Low8(a5, a13);
        TLanes b11 = TLanes.High8(a5, a13);
        TLanes b12 = TLanes.Low8(a6, a14);
        TLanes b13 = TLanes.High8(a6, a14);
        TLanes b14 = TLanes.Low8(a7, a15);
        TLanes b15 = TLanes.High8(a7, a15);

        TLanes c0 = TLanes.Low8(b0, b8);
        TLanes c1 = TLanes.High8(b0, b8);
        TLanes c2 = TLanes.Low8(b1, b9);
        TLanes c3 = TLanes.High8(b1, b9);
        TLanes c4 = TLanes.Low8(b2, b10);
        TLanes c5 = TLanes.High8(b2, b10);
        TLanes c6 = TLanes.Low8(b3, b11);
        TLanes c7 = TLanes.High8(b3, b11);
        TLanes c8 = TLanes.Low8(b4, b12);
        TLanes c9 = TLanes.High8(b4, b12);
        TLanes c10 = TLanes.Low8(b5, b13);
        TLanes c11 = TLanes.High8(b5, b13);
        TLanes c12 = TLanes.Low8(b6, b14);
        TLanes c13 = TLanes.High8(b6, b14);
        TLanes c14 = TLanes.Low8(b7, b15);
        TLanes c15 = TLanes.High8(b7, b15);

        TLanes d0 = TLanes.Low8(c0, c8);
        TLanes d1 = TLanes.High8(c0, c8);
        TLanes d2 = TLanes.Low8(c1, c9);
        TLanes d3 = TLanes.High8(c1, c9);
        TLanes d4 = TLanes.Low8(c2, c10);
        TLanes d5 = TLanes.High8(c2, c10);
        TLanes d6 = TLanes.Low8(c3, c11);
        TLanes d7 = TLanes.High8(c3, c11);
        TLanes d8 = TLanes.Low8(c4, c12);
        TLanes d9 = TLanes.High8(c4, c12);
        TLanes d10 = TLanes.Low8(c5, c13);
        TLanes d11 = TLanes.High8(c5, c13);
        TLanes d12 = TLanes.Low8(c6, c14);
        TLanes d13 = TLanes.High8(c6, c14);
        TLanes d14 = TLanes.Low8(c7, c15);
        TLanes d15 = TLanes.High8(c7, c15);

        TLanes e0 = TLanes.Low8(d0, d8);
        TLanes e1 = TLanes.High8(d0, d8);
        TLanes e2 = TLanes.Low8(d1, d9);
        TLanes e3 = TLanes.High8(d1, d9);
        TLanes e4 = TLanes.Low8(d2, d10);
        TLanes e5 = TLanes.High8(d2, d10);
        TLanes e6 = TLanes.Low8(d3, d11);
        TLanes e7 = TLanes.High8(d3, d11);
        TLanes e8 = TLanes.Low8(d4, d12);
        TLanes e9 = TLanes.High8(d4, d12);
        TLanes e10 = TLanes.Low8(d5, d13);
        TLanes e11 = TLanes.High8(d5, d13);
        TLanes e12 = TLanes.Low8(d6, d14);
        TLanes e13 = TLanes.High8(d6, d14);
        TLanes e14 = TLanes.Low8(d7, d15);
        TLanes e15 = TLanes.High8(d7, d15);

        TStore.Put(e0, destination + destinationRows[0]);
        TStore.Put(e1, destination + destinationRows[1]);
        TStore.Put(e2, destination + destinationRows[2]);
        TStore.Put(e3, destination + destinationRows[3]);
        TStore.Put(e4, destination + destinationRows[4]);
        TStore.Put(e5, destination + destinationRows[5]);
        TStore.Put(e6, destination + destinationRows[6]);
        TStore.Put(e7, destination + destinationRows[7]);
        TStore.Put(e8, destination + destinationRows[8]);
        TStore.Put(e9, destination + destinationRows[9]);
        TStore.Put(e10, destination + destinationRows[10]);
        TStore.Put(e11, destination + destinationRows[11]);
        TStore.Put(e12, destination + destinationRows[12]);
        TStore.Put(e13, destination + destinationRows[13]);
        TStore.Put(e14, destination + destinationRows[14]);
        TStore.Put(e15, destination + destinationRows[15]);
    }
}
