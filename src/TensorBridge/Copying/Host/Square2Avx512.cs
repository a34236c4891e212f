using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>32 x 32 words of 2 bytes: whole lines in, whole lines out. 32 registers are too many, so the result of the rounds within lanes waits in a buffer.</summary>
internal readonly unsafe struct Square2Avx512<TStore> : ITransposeStep
    where TStore : struct, IStore
{
    private const int Group = 8;

    public static int Columns => 32;

    public static int Rows => 32;

    public static int WordSize => 2;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        byte* room = stackalloc byte[(32 * 64) + 64];
        byte* buffer = room + ShortRun.ToLine(room);
        nint* lines = LineTable.Offsets;
        for (int group = 0; group < 4; group++)
            Transpose2<LanesAvx512<OneRow>, CachedStore>.Run(buffer + (group * Group * 64), lines, source, sourceRows + (group * Group));
        for (int i = 0; i < Group; i++)
        {
            ulong* first = (ulong*)(buffer + (i * 64));
            LaneTranspose.Store<TStore>(
                Vector512.Load(first),
                Vector512.Load(first + (Group * 8)),
                Vector512.Load(first + (Group * 16)),
                Vector512.Load(first + (Group * 24)),
                destination,
                destinationRows + i,
                Group);
        }
    }
}
