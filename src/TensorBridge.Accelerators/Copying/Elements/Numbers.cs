namespace TensorBridge.Accelerators.Copying;

/// <summary>Conversions between numbers that give the same bits on every accelerator and on the host.</summary>
internal static class Numbers
{
    private const float Two31F = 2147483648f;
    private const float Two63F = 9223372036854775808f;
    private const double Two63 = 9223372036854775808.0;

    /// <summary>Truncates; what does not fit becomes the smallest integer.</summary>
    public static int ToInt32(float value) => value >= -Two31F && value < Two31F ? (int)value : int.MinValue;

    /// <inheritdoc cref="ToInt32(float)"/>
    public static int ToInt32(double value) => value > -2147483649.0 && value < 2147483648.0 ? (int)value : int.MinValue;

    /// <inheritdoc cref="ToInt32(float)"/>
    public static long ToInt64(float value) => value >= -Two63F && value < Two63F ? (long)value : long.MinValue;

    /// <inheritdoc cref="ToInt32(float)"/>
    public static long ToInt64(double value) => value >= -Two63 && value < Two63 ? (long)value : long.MinValue;

    /// <summary>As C compilers on x86-64 do it: values from 2^63 on lose 2^63 first.</summary>
    public static ulong ToUInt64(float value) => value >= Two63F ? (ulong)ToInt64(value - Two63F) ^ (1UL << 63) : (ulong)ToInt64(value);

    /// <inheritdoc cref="ToUInt64(float)"/>
    public static ulong ToUInt64(double value) => value >= Two63 ? (ulong)ToInt64(value - Two63) ^ (1UL << 63) : (ulong)ToInt64(value);

    public static float ToSingle(long value, bool signed) => signed ? value : (float)(ulong)value;

    public static double ToDouble(long value, bool signed) => signed ? value : (double)(ulong)value;

    /// <summary>binary16 to binary32, exact.</summary>
    public static float FromHalf(uint half)
    {
        uint magnitude = (half & 0x7FFFu) << 13;
        uint exponent = magnitude & 0x0F800000u;
        magnitude += 112u << 23;
        if (exponent == 0x0F800000u)
            magnitude += 112u << 23;
        else if (exponent == 0)
            magnitude = IlgpuInterop.FloatAsInt(IlgpuInterop.IntAsFloat(magnitude + (1u << 23)) - IlgpuInterop.IntAsFloat(113u << 23));
        return IlgpuInterop.IntAsFloat(magnitude | ((half & 0x8000u) << 16));
    }

    /// <summary>binary32 to binary16, to nearest even.</summary>
    public static uint ToHalf(float value)
    {
        uint bits = IlgpuInterop.FloatAsInt(value);
        uint sign = (bits >> 16) & 0x8000u;
        uint magnitude = bits & 0x7FFFFFFFu;
        if (magnitude > 0x7F800000u)
            return sign | 0x7E00u;
        if (magnitude >= 0x47800000u)
            return sign | 0x7C00u;
        if (magnitude < 0x38800000u)
            return sign | (IlgpuInterop.FloatAsInt(IlgpuInterop.IntAsFloat(magnitude) + 0.5f) - 0x3F000000u);
        return sign | ((magnitude + 0xC8000FFFu + ((magnitude >> 13) & 1u)) >> 13);
    }

    /// <summary>binary64 to binary32 such that a second rounding to a shorter format gives what one rounding would: an inexact result gets an odd last bit.</summary>
    public static float ToOdd(double value)
    {
        float nearest = (float)value;
        double back = nearest;
        uint bits = IlgpuInterop.FloatAsInt(nearest);
        bool inexact = back < value || back > value;
        bool above = value < 0 ? back < value : back > value;
        if (inexact)
            bits = (above ? bits - 1u : bits) | 1u;
        return IlgpuInterop.IntAsFloat(bits);
    }

    /// <summary>The upper half of a binary32, to nearest even; a NaN stays one.</summary>
    public static uint ToBFloat16(float value)
    {
        uint bits = IlgpuInterop.FloatAsInt(value);
        if ((bits & 0x7FFFFFFFu) > 0x7F800000u)
            return (bits >> 16) | 0x40u;
        return (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
    }
}
