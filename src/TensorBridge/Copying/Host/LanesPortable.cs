using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>One lane, in terms every processor has: two words side by side are one word of twice the width.</summary>
internal readonly unsafe struct LanesPortable : ILanes<LanesPortable>
{
    private readonly Vector128<byte> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LanesPortable(Vector128<byte> value) => _value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Load(byte* source, nint* rows, int step) => new(Vector128.Load(source + rows[0]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LanesPortable lanes, byte* destination) => lanes._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(LanesPortable lanes, byte* destination) => lanes._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Low8(LanesPortable a, LanesPortable b) => new((Vector128.WidenLower(a._value) | (Vector128.WidenLower(b._value) << 8)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable High8(LanesPortable a, LanesPortable b) => new((Vector128.WidenUpper(a._value) | (Vector128.WidenUpper(b._value) << 8)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Low16(LanesPortable a, LanesPortable b) => new((Vector128.WidenLower(a._value.AsUInt16()) | (Vector128.WidenLower(b._value.AsUInt16()) << 16)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable High16(LanesPortable a, LanesPortable b) => new((Vector128.WidenUpper(a._value.AsUInt16()) | (Vector128.WidenUpper(b._value.AsUInt16()) << 16)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Low32(LanesPortable a, LanesPortable b) => new((Vector128.WidenLower(a._value.AsUInt32()) | (Vector128.WidenLower(b._value.AsUInt32()) << 32)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable High32(LanesPortable a, LanesPortable b) => new((Vector128.WidenUpper(a._value.AsUInt32()) | (Vector128.WidenUpper(b._value.AsUInt32()) << 32)).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable Low64(LanesPortable a, LanesPortable b) => new(Vector128.Create(a._value.GetLower(), b._value.GetLower()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LanesPortable High64(LanesPortable a, LanesPortable b) => new(Vector128.Create(a._value.GetUpper(), b._value.GetUpper()));
}
