using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>Four lanes: a whole 64-byte line.</summary>
internal readonly unsafe struct LanesAvx512 : ILanes<LanesAvx512>
{
    private readonly Vector512<byte> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LanesAvx512(Vector512<byte> value) => _value = value;

    public static int Count => 4;

    /// <remarks>Inserts lane by lane: <c>Vector512.Create(lower, upper)</c> spills a loop-carried temporary in .NET 10 (measured: a quarter of the speed).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 Load(byte* source, nint* rows, int step)
    {
        Vector256<byte> lower = Avx.InsertVector128(Vector128.Load(source + rows[0]).ToVector256Unsafe(), Vector128.Load(source + rows[step]), 1);
        Vector256<byte> upper = Avx.InsertVector128(Vector128.Load(source + rows[2 * step]).ToVector256Unsafe(), Vector128.Load(source + rows[3 * step]), 1);
        return new(Avx512F.InsertVector256(lower.ToVector512Unsafe(), upper, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LanesAvx512 lanes, byte* destination) => lanes._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(LanesAvx512 lanes, byte* destination) => lanes._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 Low8(LanesAvx512 a, LanesAvx512 b) => new(Avx512BW.UnpackLow(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 High8(LanesAvx512 a, LanesAvx512 b) => new(Avx512BW.UnpackHigh(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 Low16(LanesAvx512 a, LanesAvx512 b) => new(Avx512BW.UnpackLow(a._value.AsUInt16(), b._value.AsUInt16()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 High16(LanesAvx512 a, LanesAvx512 b) => new(Avx512BW.UnpackHigh(a._value.AsUInt16(), b._value.AsUInt16()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 Low32(LanesAvx512 a, LanesAvx512 b) => new(Avx512F.UnpackLow(a._value.AsUInt32(), b._value.AsUInt32()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 High32(LanesAvx512 a, LanesAvx512 b) => new(Avx512F.UnpackHigh(a._value.AsUInt32(), b._value.AsUInt32()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 Low64(LanesAvx512 a, LanesAvx512 b) => new(Avx512F.UnpackLow(a._value.AsUInt64(), b._value.AsUInt64()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512 High64(LanesAvx512 a, LanesAvx512 b) => new(Avx512F.UnpackHigh(a._value.AsUInt64(), b._value.AsUInt64()).AsByte());
}
