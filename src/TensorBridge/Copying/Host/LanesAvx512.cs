using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>Four lanes: a whole 64-byte line.</summary>
internal readonly unsafe struct LanesAvx512<TSource> : ILanes<LanesAvx512<TSource>>
    where TSource : struct, ILineSource
{
    private readonly Vector512<byte> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LanesAvx512(Vector512<byte> value) => _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> Load(byte* source, nint* rows, int step) => new(TSource.Load(source, rows, step));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LanesAvx512<TSource> lanes, byte* destination) => lanes._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(LanesAvx512<TSource> lanes, byte* destination) => lanes._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> Low8(LanesAvx512<TSource> a, LanesAvx512<TSource> b) => new(Avx512BW.UnpackLow(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> High8(LanesAvx512<TSource> a, LanesAvx512<TSource> b) => new(Avx512BW.UnpackHigh(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> Low16(LanesAvx512<TSource> a, LanesAvx512<TSource> b) => new(Avx512BW.UnpackLow(a._value.AsUInt16(), b._value.AsUInt16()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> High16(LanesAvx512<TSource> a, LanesAvx512<TSource> b) => new(Avx512BW.UnpackHigh(a._value.AsUInt16(), b._value.AsUInt16()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> Low32(LanesAvx512<TSource> a, LanesAvx512<TSource> b) => new(Avx512F.UnpackLow(a._value.AsUInt32(), b._value.AsUInt32()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> High32(LanesAvx512<TSource> a, LanesAvx512<TSource> b) => new(Avx512F.UnpackHigh(a._value.AsUInt32(), b._value.AsUInt32()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> Low64(LanesAvx512<TSource> a, LanesAvx512<TSource> b) => new(Avx512F.UnpackLow(a._value.AsUInt64(), b._value.AsUInt64()).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesAvx512<TSource> High64(LanesAvx512<TSource> a, LanesAvx512<TSource> b) => new(Avx512F.UnpackHigh(a._value.AsUInt64(), b._value.AsUInt64()).AsByte());
}
