using System.Runtime.CompilerServices;

namespace TensorBridge.Copying;

/// <summary>Float to integer as C compilers do it on x86-64, and therefore as NumPy does there: what does not fit becomes the smallest integer of the
/// conversion's width (32 or 64 bits), and narrower destinations keep the low bits of that.</summary>
/// <remarks>NumPy's contiguous float to uint32 loop answers differently outside int32 than its strided loop; this is the strided one, which wraps.</remarks>
internal static class Truncation
{
    private const double Two63 = 9223372036854775808.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToInt32(double value) => value > -2147483649.0 && value < 2147483648.0 ? (int)value : int.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToInt64(double value) => value >= -Two63 && value < Two63 ? (long)value : long.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToUInt64(double value) =>
        value >= Two63 ? unchecked((ulong)ToInt64(value - Two63)) ^ (1UL << 63) : unchecked((ulong)ToInt64(value));

    /// <summary>The upper half of a binary32, rounded to nearest even; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
            return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
