using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>16 x 16 words of 4 bytes: whole lines in, whole lines out.</summary>
internal readonly unsafe struct Square4Avx512<TStore> : ITransposeStep
    where TStore : struct, IStore
{
    public static int Columns => 16;

    public static int Rows => 16;

    public static int WordSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        Quad(source, sourceRows, out Vector512<uint> a0, out Vector512<uint> a1, out Vector512<uint> a2, out Vector512<uint> a3);
        Quad(source, sourceRows + 4, out Vector512<uint> b0, out Vector512<uint> b1, out Vector512<uint> b2, out Vector512<uint> b3);
        Quad(source, sourceRows + 8, out Vector512<uint> c0, out Vector512<uint> c1, out Vector512<uint> c2, out Vector512<uint> c3);
        Quad(source, sourceRows + 12, out Vector512<uint> d0, out Vector512<uint> d1, out Vector512<uint> d2, out Vector512<uint> d3);
        LaneTranspose.Store<TStore>(a0.AsUInt64(), b0.AsUInt64(), c0.AsUInt64(), d0.AsUInt64(), destination, destinationRows, 4);
        LaneTranspose.Store<TStore>(a1.AsUInt64(), b1.AsUInt64(), c1.AsUInt64(), d1.AsUInt64(), destination, destinationRows + 1, 4);
        LaneTranspose.Store<TStore>(a2.AsUInt64(), b2.AsUInt64(), c2.AsUInt64(), d2.AsUInt64(), destination, destinationRows + 2, 4);
        LaneTranspose.Store<TStore>(a3.AsUInt64(), b3.AsUInt64(), c3.AsUInt64(), d3.AsUInt64(), destination, destinationRows + 3, 4);
    }

    /// <summary>Transposes 4 x 4 words in each lane of four rows: result k holds columns k, k + 4, k + 8 and k + 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quad(byte* source, nint* rows, out Vector512<uint> r0, out Vector512<uint> r1, out Vector512<uint> r2, out Vector512<uint> r3)
    {
        Vector512<uint> a0 = Vector512.Load((uint*)(source + rows[0]));
        Vector512<uint> a1 = Vector512.Load((uint*)(source + rows[1]));
        Vector512<uint> a2 = Vector512.Load((uint*)(source + rows[2]));
        Vector512<uint> a3 = Vector512.Load((uint*)(source + rows[3]));
        Vector512<uint> b0 = Avx512F.UnpackLow(a0, a2);
        Vector512<uint> b1 = Avx512F.UnpackHigh(a0, a2);
        Vector512<uint> b2 = Avx512F.UnpackLow(a1, a3);
        Vector512<uint> b3 = Avx512F.UnpackHigh(a1, a3);
        r0 = Avx512F.UnpackLow(b0, b2);
        r1 = Avx512F.UnpackHigh(b0, b2);
        r2 = Avx512F.UnpackLow(b1, b3);
        r3 = Avx512F.UnpackHigh(b1, b3);
    }
}
