using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>8 x 8 words of 8 bytes: whole lines in, whole lines out.</summary>
internal readonly unsafe struct Square8Avx512<TStore> : ITransposeStep
    where TStore : struct, IStore
{
    public static int Columns => 8;

    public static int Rows => 8;

    public static int WordSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        Vector512<ulong> a0 = Vector512.Load((ulong*)(source + sourceRows[0]));
        Vector512<ulong> a1 = Vector512.Load((ulong*)(source + sourceRows[1]));
        Vector512<ulong> a2 = Vector512.Load((ulong*)(source + sourceRows[2]));
        Vector512<ulong> a3 = Vector512.Load((ulong*)(source + sourceRows[3]));
        Vector512<ulong> a4 = Vector512.Load((ulong*)(source + sourceRows[4]));
        Vector512<ulong> a5 = Vector512.Load((ulong*)(source + sourceRows[5]));
        Vector512<ulong> a6 = Vector512.Load((ulong*)(source + sourceRows[6]));
        Vector512<ulong> a7 = Vector512.Load((ulong*)(source + sourceRows[7]));

        // Pairs of words within 16-byte lanes.
        Vector512<ulong> b0 = Avx512F.UnpackLow(a0, a1);
        Vector512<ulong> b1 = Avx512F.UnpackHigh(a0, a1);
        Vector512<ulong> b2 = Avx512F.UnpackLow(a2, a3);
        Vector512<ulong> b3 = Avx512F.UnpackHigh(a2, a3);
        Vector512<ulong> b4 = Avx512F.UnpackLow(a4, a5);
        Vector512<ulong> b5 = Avx512F.UnpackHigh(a4, a5);
        Vector512<ulong> b6 = Avx512F.UnpackLow(a6, a7);
        Vector512<ulong> b7 = Avx512F.UnpackHigh(a6, a7);

        // Lanes: even and odd columns of four rows, then of eight.
        LaneTranspose.Store<TStore>(b0, b2, b4, b6, destination, destinationRows, 2);
        LaneTranspose.Store<TStore>(b1, b3, b5, b7, destination, destinationRows + 1, 2);
    }
}
