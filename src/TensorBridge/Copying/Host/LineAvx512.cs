using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>A line in one register.</summary>
internal readonly unsafe struct LineAvx512 : ILine<LineAvx512>
{
    private readonly Vector512<byte> _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LineAvx512(Vector512<byte> value) => _value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineAvx512 Load(byte* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(LineAvx512 line, byte* destination) => line._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(LineAvx512 line, byte* destination) => line._value.StoreAlignedNonTemporal(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineAvx512 Repeat(Vector128<byte> quarter) => new(Vector512.Create(quarter));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineAvx512 Shuffle(LineAvx512 line, LineAvx512 order) => new(Avx512BW.Shuffle(line._value, order._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineAvx512 ReverseLanes(LineAvx512 line) => new(Avx512F.Shuffle4x128(line._value.AsInt32(), line._value.AsInt32(), 0b00_01_10_11).AsByte());
}
