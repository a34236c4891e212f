using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Casts of hand-picked values, beside random bits.</summary>
internal static class CastValues
{
    private const int Count = 320;

    private static readonly double[] Special =
    [
        0, -0.0, 1, -1, 0.5, 1.5, 2.5, -2.5, 127, 128, 129, -128, -129, 255, 256, 32767, 32768, -32769, 65504, 65519.999, 65520, 65535, 65536, 1e5,
        2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 9.2e18, 9223372036854775807, 9223372036854775808, -9223372036854775808,
        1.8446744073709552e19, 3e38, 3.5e38, 1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 6e-8, 5.9e-8, 2.98e-8, 2.9802322387695312e-8,
        2.98023223876953125e-8 * 1.0000001, 6.1e-5, 1e-45, 1e-310, 1.00048828125, 1.000488281250001, 1.0004882812, 1.001953125, 3.00390625, 1 + 1.0 / 256, 1 + 3.0 / 256,
    ];

    public static void Check(ICopyExecutor executor, ElementType from, ElementType to)
    {
        CopyOp op = CopyOp.Cast(from, to);
        var copy = new CopyCase(op, TestArray.Dense(op.SourceItemSize, Count), TestArray.Dense(op.DestinationItemSize, Count));
        (byte[] source, byte[] destination) = copy.Memory((int)from);
        // Random bits first; over them the special values, as the reference engine converts them to the source's type.
        byte[] special = new byte[Special.Length * op.SourceItemSize];
        var make = new CopyCase(CopyOp.Cast(ElementType.Float64, from), TestArray.Dense(8, Special.Length), TestArray.Dense(op.SourceItemSize, Special.Length));
        byte[] values = Special.SelectMany(BitConverter.GetBytes).ToArray();
        make.Expected(values, special).CopyTo(source, 0);
        byte[] expected = copy.Expected(source, destination);
        (byte[] actual, _) = executor.Run(copy, source, destination);
        copy.Canonicalize(expected);
        copy.Canonicalize(actual);
        int at = expected.AsSpan().CommonPrefixLength(actual) / op.DestinationItemSize;
        Assert.True(at == Count, $"{op}: item {at} of {Convert.ToHexString(Item(source, at, op.SourceItemSize))} became {Convert.ToHexString(Item(actual, at, op.DestinationItemSize))}, not {Convert.ToHexString(Item(expected, at, op.DestinationItemSize))}");
    }

    private static ReadOnlySpan<byte> Item(byte[] bytes, int at, int size) => at * size >= bytes.Length ? default : bytes.AsSpan(at * size, size);
}
