using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>A line in two registers; both halves are stored back to back, so that streamed lines leave whole.</summary>
internal readonly unsafe struct LineAvx2 : ILine<LineAvx2>
{
    private readonly Vector256<byte> _lower;
    private readonly Vector256<byte> _upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LineAvx2(Vector256<byte> lower, Vector256<byte> upper) => (_lower, _upper) = (lower, upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineAvx2 Load(byte* source) => new(Vector256.Load(source), Vector256.Load(source + 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LineAvx2 line, byte* destination)
    {
        line._lower.Store(destination);
        line._upper.Store(destination + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(LineAvx2 line, byte* destination)
    {
        line._lower.StoreAlignedNonTemporal(destination);
        line._upper.StoreAlignedNonTemporal(destination + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineAvx2 Repeat(Vector128<byte> quarter)
    {
        Vector256<byte> half = Vector256.Create(quarter, quarter);
        return new(half, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineAvx2 Shuffle(LineAvx2 line, LineAvx2 order) =>
        new(Avx2.Shuffle(line._lower, order._lower), Avx2.Shuffle(line._upper, order._lower));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineAvx2 ReverseLanes(LineAvx2 line) =>
        new(Avx2.Permute2x128(line._upper, line._upper, 1), Avx2.Permute2x128(line._lower, line._lower, 1));
}
