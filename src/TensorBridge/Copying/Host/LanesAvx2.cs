using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>Two lanes: half a line.</summary>
internal readonly unsafe struct LanesAvx2 : ILanes<LanesAvx2>
{
    private readonly Vector256<byte> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LanesAvx2(Vector256<byte> value) => _value = value;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 Load(byte* source, nint* rows, int step) =>
        new(Avx.InsertVector128(Vector128.Load(source + rows[0]).ToVector256Unsafe(), Vector128.Load(source + rows[step]), 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LanesAvx2 lanes, byte* destination) => lanes._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(LanesAvx2 lanes, byte* destination) => lanes._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 Low8(LanesAvx2 a, LanesAvx2 b) => new(Avx2.UnpackLow(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 High8(LanesAvx2 a, LanesAvx2 b) => new(Avx2.UnpackHigh(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 Low16(LanesAvx2 a, LanesAvx2 b) => new(Avx2.UnpackLow(a._value.AsUInt16(), b._value.AsUInt16()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 High16(LanesAvx2 a, LanesAvx2 b) => new(Avx2.UnpackHigh(a._value.AsUInt16(), b._value.AsUInt16()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 Low32(LanesAvx2 a, LanesAvx2 b) => new(Avx2.UnpackLow(a._value.AsUInt32(), b._value.AsUInt32()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 High32(LanesAvx2 a, LanesAvx2 b) => new(Avx2.UnpackHigh(a._value.AsUInt32(), b._value.AsUInt32()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 Low64(LanesAvx2 a, LanesAvx2 b) => new(Avx2.UnpackLow(a._value.AsUInt64(), b._value.AsUInt64()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx2 High64(LanesAvx2 a, LanesAvx2 b) => new(Avx2.UnpackHigh(a._value.AsUInt64(), b._value.AsUInt64()).AsByte());
}
