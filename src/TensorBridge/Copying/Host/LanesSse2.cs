using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>One lane: a quarter of a line.</summary>
internal readonly unsafe struct LanesSse2 : ILanes<LanesSse2>
{
    private readonly Vector128<byte> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LanesSse2(Vector128<byte> value) => _value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 Load(byte* source, nint* rows, int step) => new(Vector128.Load(source + rows[0]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LanesSse2 lanes, byte* destination) => lanes._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(LanesSse2 lanes, byte* destination) => lanes._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 Low8(LanesSse2 a, LanesSse2 b) => new(Sse2.UnpackLow(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 High8(LanesSse2 a, LanesSse2 b) => new(Sse2.UnpackHigh(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 Low16(LanesSse2 a, LanesSse2 b) => new(Sse2.UnpackLow(a._value.AsUInt16(), b._value.AsUInt16()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 High16(LanesSse2 a, LanesSse2 b) => new(Sse2.UnpackHigh(a._value.AsUInt16(), b._value.AsUInt16()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 Low32(LanesSse2 a, LanesSse2 b) => new(Sse2.UnpackLow(a._value.AsUInt32(), b._value.AsUInt32()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 High32(LanesSse2 a, LanesSse2 b) => new(Sse2.UnpackHigh(a._value.AsUInt32(), b._value.AsUInt32()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 Low64(LanesSse2 a, LanesSse2 b) => new(Sse2.UnpackLow(a._value.AsUInt64(), b._value.AsUInt64()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesSse2 High64(LanesSse2 a, LanesSse2 b) => new(Sse2.UnpackHigh(a._value.AsUInt64(), b._value.AsUInt64()).AsByte());
}
