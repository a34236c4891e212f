using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>A line in four registers of 16 bytes, in terms every processor has.</summary>
internal readonly unsafe struct LinePortable : ILine<LinePortable>
{
    private readonly Vector128<byte> _a;
    private readonly Vector128<byte> _b;
    private readonly Vector128<byte> _c;
    private readonly Vector128<byte> _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LinePortable(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) => (_a, _b, _c, _d) = (a, b, c, d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LinePortable Load(byte* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 16), Vector128.Load(source + 32), Vector128.Load(source + 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LinePortable line, byte* destination)
    {
        line._a.Store(destination);
        line._b.Store(destination + 16);
        line._c.Store(destination + 32);
        line._d.Store(destination + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(LinePortable line, byte* destination)
    {
        line._a.StoreAlignedNonTemporal(destination);
        line._b.StoreAlignedNonTemporal(destination + 16);
        line._c.StoreAlignedNonTemporal(destination + 32);
        line._d.StoreAlignedNonTemporal(destination + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LinePortable Repeat(Vector128<byte> quarter) => new(quarter, quarter, quarter, quarter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LinePortable Shuffle(LinePortable line, LinePortable order) => new(
        Vector128.ShuffleNative(line._a, order._a),
        Vector128.ShuffleNative(line._b, order._a),
        Vector128.ShuffleNative(line._c, order._a),
        Vector128.ShuffleNative(line._d, order._a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LinePortable ReverseLanes(LinePortable line) => new(line._d, line._c, line._b, line._a);
}
