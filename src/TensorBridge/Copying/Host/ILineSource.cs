using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>Where the four lanes of a line come from.</summary>
internal unsafe interface ILineSource
{
    /// <summary>Loads four lanes.</summary>
    static abstract Vector512<byte> Load(byte* source, nint* rows, int step);
}

/// <summary>16 bytes from each of four rows: their transpose is a whole destination line.</summary>
internal readonly unsafe struct FourRows : ILineSource
{
    /// <remarks>Inserts lane by lane: <c>Vector512.Create(lower, upper)</c> spills a loop-carried temporary in .NET 10 (measured: a quarter of the speed).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* source, nint* rows, int step)
    {
        Vector256<byte> lower = Avx.InsertVector128(Vector128.Load(source + rows[0]).ToVector256Unsafe(), Vector128.Load(source + rows[step]), 1);
        Vector256<byte> upper = Avx.InsertVector128(Vector128.Load(source + rows[2 * step]).ToVector256Unsafe(), Vector128.Load(source + rows[3 * step]), 1);
        return Avx512F.InsertVector256(lower.ToVector512Unsafe(), upper, 1);
    }
}

/// <summary>64 bytes of one row: a whole source line is used at once, and four transposes are put together by <see cref="LaneTranspose"/>.</summary>
internal readonly unsafe struct OneRow : ILineSource
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* source, nint* rows, int step) => Vector512.Load(source + rows[0]);
}
