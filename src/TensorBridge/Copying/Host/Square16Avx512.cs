using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>4 x 4 words of 16 bytes: whole lines in, whole lines out.</summary>
internal readonly unsafe struct Square16Avx512<TStore> : ITransposeStep
    where TStore : struct, IStore
{
    public static int Columns => 4;

    public static int Rows => 4;

    public static int WordSize => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        Vector512<ulong> a0 = Vector512.Load((ulong*)(source + sourceRows[0]));
        Vector512<ulong> a1 = Vector512.Load((ulong*)(source + sourceRows[1]));
        Vector512<ulong> a2 = Vector512.Load((ulong*)(source + sourceRows[2]));
        Vector512<ulong> a3 = Vector512.Load((ulong*)(source + sourceRows[3]));
        LaneTranspose.Store<TStore>(a0, a1, a2, a3, destination, destinationRows, 1);
    }
}
