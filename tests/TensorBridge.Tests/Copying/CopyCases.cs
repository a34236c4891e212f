using CsCheck;
using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Generators of copies.</summary>
public static class CopyCases
{
    public static readonly ElementType[] Types = [.. Enum.GetValues<ElementType>().Where(t => t != ElementType.None)];

    private const long Limit = 4 << 20;

    private static readonly Gen<int> Gap = Gen.Frequency((6, Gen.Const(0)), (1, Gen.Int[1, 3]), (1, Gen.Int[4, 70]));

    /// <summary>Many short axes: every way to fuse, flip and permute.</summary>
    public static readonly Gen<AxisSpec[]> ManyAxes = Axis(Gen.Int[1, 5]).Array[0, 7];

    /// <summary>Few long axes: vector loops, tiles and their edges.</summary>
    public static readonly Gen<AxisSpec[]> LongAxes = Gen.OneOf(
        Axis(Gen.Int[1, 3000]).Array[1, 1],
        Axis(Gen.Int[1, 300]).Array[2, 2],
        Axis(Gen.OneOf(Gen.Int[1, 70], Gen.Int[1, 5])).Array[3, 3],
        Axis(Gen.Int[1, 16]).Array[4, 4]);

    public static readonly Gen<AxisSpec[]> Axes = Gen.OneOf(ManyAxes, LongAxes);

    public static readonly Gen<CopyOp> Copies = Gen.OneOf(
        OneOf(1, 2, 4, 8, 16),
        OneOf(3, 5, 6, 7, 10, 12, 20, 24, 32, 48, 100)).Select(CopyOp.Copy);

    public static readonly Gen<CopyOp> Swaps = Gen.Select(OneOf(2, 4, 8), OneOf(1, 1, 2, 3, 5), (unit, parts) => CopyOp.ByteSwap(unit * parts, unit));

    public static readonly Gen<CopyOp> Casts = Gen.Select(OneOf(Types), OneOf(Types), Gen.Bool, Gen.Bool, CopyOp.Cast);

    public static Gen<CopyCase> Of(Gen<CopyOp> ops, Gen<AxisSpec[]> axes) =>
        Gen.Select(ops, axes, Gen.Int[0, 17], Gen.Int[0, 17], Gen.Int, (op, a, s, d, seed) => new CopyCase(op, a, s, d, seed))
            .Where(c => c.Extent(c.SourceStrides, c.Op.SourceItemSize) is var s && s.High - s.Low < Limit
                && c.Extent(c.DestinationStrides, c.Op.DestinationItemSize) is var d && d.High - d.Low < Limit);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<AxisSpec> Axis(Gen<int> extent) =>
        Gen.Select(
            Gen.Select(extent, Gap, Gap),
            Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9]),
            Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 5]),
            (sizes, keys, flags) => new AxisSpec(sizes.Item1, sizes.Item2, sizes.Item3, keys.Item1, keys.Item2, flags.Item1 == 0, flags.Item2 == 0, flags.Item3 == 0));
}
