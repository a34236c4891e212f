using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>The last two rounds of a square transpose: four registers of four lanes become four whole lines.</summary>
internal static unsafe class LaneTranspose
{
    private const byte EvenLanes = 0b10_00_10_00;
    private const byte OddLanes = 0b11_01_11_01;

    /// <summary>Stores lane k of the four registers side by side to row <c>k * step</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TStore>(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d, byte* destination, nint* rows, int step)
        where TStore : struct, IStore
    {
        Vector512<ulong> even0 = Avx512F.Shuffle4x128(a, b, EvenLanes);
        Vector512<ulong> odd0 = Avx512F.Shuffle4x128(a, b, OddLanes);
        Vector512<ulong> even1 = Avx512F.Shuffle4x128(c, d, EvenLanes);
        Vector512<ulong> odd1 = Avx512F.Shuffle4x128(c, d, OddLanes);
        TStore.Put(Avx512F.Shuffle4x128(even0, even1, EvenLanes).AsByte(), destination + rows[0]);
        TStore.Put(Avx512F.Shuffle4x128(odd0, odd1, EvenLanes).AsByte(), destination + rows[step]);
        TStore.Put(Avx512F.Shuffle4x128(even0, even1, OddLanes).AsByte(), destination + rows[2 * step]);
        TStore.Put(Avx512F.Shuffle4x128(odd0, odd1, OddLanes).AsByte(), destination + rows[3 * step]);
    }
}
