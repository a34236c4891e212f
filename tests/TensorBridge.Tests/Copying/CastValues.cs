using System.Runtime.InteropServices;
using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Values at every edge of every type, then random bits.</summary>
internal static unsafe class CastValues
{
    private static readonly double[] Edges =
    [
        0, -0.0, 0.5, -0.5, 1, -1, 1.5, 2.5, 1.9999, -1.9999, 127, 128, -128, -129, 255, 256, 257, 300, 32767, 32768, -32768, -32769, 65535, 65536, 70000,
        2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 4294967297, -4294967297, 1099511627781, 9007199254740993, 4611686018427387904,
        9223372036854775807.0, 9223372036854777856.0, 1.5 * 9223372036854775808.0, 18446744073709551615.0, -9223372036854775808.0, -9223372036854777856.0, 1e30, -1e30,
        65504, 65519.99, 65520, 65520.01, -65520, 5.960464477539063e-8, 2.9802322387695312e-8, 2.98023223876953126e-8, 1e-8, 6.097555160522461e-05, 1.00048828125, 1.00146484375,
        1.000488281250001, 1.00048828124999, 3.4028234663852886e38, 3.4028235677973366e38, 1.401298464324817e-45, 7e-46, 1e-320, 1.7976931348623157e308,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN,
    ];

    /// <summary>The edges as elements of <paramref name="type"/>, converted by the reference, and <paramref name="random"/> elements of random bits.</summary>
    public static byte[] Of(ElementType type, int random)
    {
        int size = type.Size();
        int parts = type.IsComplex() ? 2 : 1;
        byte[] bytes = new byte[(Edges.Length + random) * size];
        new Random(size).NextBytes(bytes);
        ElementType component = type switch
        {
            ElementType.Complex32 => ElementType.Float16,
            ElementType.Complex64 => ElementType.Float32,
            ElementType.Complex128 => ElementType.Float64,
            _ => type,
        };
        fixed (byte* at = bytes)
        {
            for (int i = 0; i < Edges.Length; i++)
            {
                for (int part = 0; part < parts; part++)
                {
                    double value = Edges[(i + (part * 7)) % Edges.Length];
                    ScalarCodec.Write(component, at + (i * size) + (part * size / parts), new ScalarValue(value));
                }
            }
        }
        return bytes;
    }

    /// <summary>Makes all NaNs alike.</summary>
    public static byte[] WithOneNaN(ElementType type, ReadOnlySpan<byte> elements)
    {
        byte[] bytes = elements.ToArray();
        int unit = type.ComponentSize();
        if (type is < ElementType.Float16 or > ElementType.Complex128)
            return bytes;
        for (int at = 0; at < bytes.Length; at += unit)
        {
            Span<byte> one = bytes.AsSpan(at, unit);
            bool isNaN = unit == 8 ? double.IsNaN(MemoryMarshal.Read<double>(one)) : unit == 4 ? float.IsNaN(MemoryMarshal.Read<float>(one))
                : type == ElementType.BFloat16 ? (MemoryMarshal.Read<ushort>(one) & 0x7FFF) > 0x7F80 : Half.IsNaN(MemoryMarshal.Read<Half>(one));
            if (isNaN)
                one.Fill(0xFF);
        }
        return bytes;
    }
}
