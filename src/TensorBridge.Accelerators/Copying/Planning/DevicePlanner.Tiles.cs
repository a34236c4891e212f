using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>Unit stride on both sides, but along different axes.</content>
internal static partial class DevicePlanner
{
    /// <summary>Copies up to this size are bound by the launch; one block or two of the gather do them.</summary>
    private const long TinyBytes = 4096;

    /// <summary>Words between neighbouring rows of a scalar tile: eight of them still fit 32 bits.</summary>
    private const long LargestPitch = uint.MaxValue / 16;

    /// <summary>Virtual axes shorter than this leave most lanes of a tile idle.</summary>
    private const int ShortestVirtualSide = 16;

    private static KernelChoice? ChooseTile(PlanView view, DeviceTraits device)
    {
        Plan plan = view.Plan;
        if (plan.Bytes <= TinyBytes)
            return null;
        long width = view.Axes[plan.TileAxis].Extent;
        long height = view.Axes[0].Extent;
        if (Math.Min(width, height) < SmallestSide(plan.WordSize))
            return ChooseChannels(view) ?? ChooseTileN(view, device);
        return ChooseWideTile(view, width, height, device) ?? ChooseScalarTile(view, width, height, device);
    }

    /// <summary>The shorter side that tiles along two axes take. Words of 1 and 2 bytes have no small tile: moved alone, four a thread, they would cost too much.</summary>
    private static int SmallestSide(int word) => word <= 2 ? TileLarge.Side(word) : TileScalar.Side;

    /// <summary>Tiles with 16-byte accesses: aligned rows on both sides, at least one whole tile, and enough tiles to fill the device.</summary>
    private static KernelChoice? ChooseWideTile(PlanView view, long width, long height, DeviceTraits device)
    {
        Plan plan = view.Plan;
        if (!KeepsSize(plan) || !view.SourceAllows(WideWord, plan.TileAxis) || !view.DestinationAllows(WideWord, 0))
            return null;
        (Type? kernel, int sideX, int sideY) = plan.WordSize switch
        {
            1 => (typeof(Tile1), Tile1.Side, Tile1.Side),
            2 => (typeof(Tile2), Tile2.Width, Tile2.Height),
            4 => (typeof(Tile4), Tile4.Side, Tile4.Side),
            _ => ((Type?)null, 0, 0),
        };
        if (kernel is null || width < sideX || height < sideY)
            return null;
        (AxisStep[] outer, long batch) = view.Outer(WideWord, WideWord, 0, plan.TileAxis);
        TileShape shape = Tiles(view, width, height, sideX, sideY, WideWord, WideWord);
        long blocks = batch * shape.TilesX.Divisor * shape.TilesY.Divisor;
        if (blocks < device.Multiprocessors && plan.WordSize == 4)
            return null;
        object axes = AxesSet.Create(outer);
        Type order = shape.SourcePitch < 0 ? typeof(Falling) : typeof(Rising);
        Type[] arguments = plan.WordSize == 1
            ? [order, axes.GetType()]
            : [WordTypes.Swap(WideWord, Unit(plan)), WordTypes.Swap(plan.WordSize, Unit(plan)), order, axes.GetType()];
        return new KernelChoice(kernel, arguments, typeof(V16), typeof(V16), shape, axes, blocks);
    }

    private static KernelChoice? ChooseScalarTile(PlanView view, long width, long height, DeviceTraits device)
    {
        Plan plan = view.Plan;
        if (Math.Max(Math.Abs(view.Axes[0].Source) / plan.SourceWordSize, view.Axes[plan.TileAxis].Destination / plan.WordSize) > LargestPitch)
            return null;
        (Type op, Type source, Type destination) = WordOp(plan, device);
        (AxisStep[] outer, long batch) = view.Outer(plan.SourceWordSize, plan.WordSize, 0, plan.TileAxis);
        int side = TileLarge.Side(plan.WordSize);
        bool isFew = batch * Ceiling(width, side) * Ceiling(height, side) < device.Multiprocessors;
        bool small = plan.WordSize > 8 || (plan.WordSize > 2 && (isFew || Math.Min(width, height) < side));
        side = small ? TileScalar.Side : side;
        TileShape shape = Tiles(view, width, height, side, side, plan.SourceWordSize, plan.WordSize);
        object axes = AxesSet.Create(outer);
        Type order = shape.SourcePitch < 0 ? typeof(Falling) : typeof(Rising);
        return new KernelChoice(
            small ? typeof(TileScalar) : typeof(TileLarge),
            [source, destination, op, order, axes.GetType()],
            source,
            destination,
            shape,
            axes,
            batch * shape.TilesX.Divisor * shape.TilesY.Divisor);
    }

    private static TileShape Tiles(PlanView view, long width, long height, int sideX, int sideY, int sourceWord, int destinationWord) => new()
    {
        TilesX = new FastDivisor(Ceiling(width, sideX)),
        TilesY = new FastDivisor(Ceiling(height, sideY)),
        Width = (int)width,
        Height = (int)height,
        SourceStart = view.SourceStart / sourceWord,
        SourcePitch = view.Axes[0].Source / sourceWord,
        DestinationStart = view.DestinationStart / destinationWord,
        DestinationPitch = view.Axes[view.Plan.TileAxis].Destination / destinationWord,
    };

    /// <summary>Virtual axes: the shorter of the two sides grows by the axis that continues it best, until both fill a tile.</summary>
    private static KernelChoice? ChooseTileN(PlanView view, DeviceTraits device)
    {
        Plan plan = view.Plan;
        if (plan.WordSize > 8)
            return null;
        if (VirtualAxes.Grow(view) is not { } sides || sides.Width < ShortestVirtualSide || sides.Height < ShortestVirtualSide)
            return null;
        (Type op, Type source, Type destination) = WordOp(plan, device);
        (AxisStep[] outer, long batch) = view.Outer(plan.SourceWordSize, plan.WordSize, [.. sides.X, .. sides.Y]);
        int side = TileLarge.Side(plan.WordSize);
        long tilesX = Ceiling(sides.Width, side);
        long tilesY = Ceiling(sides.Height, side);
        long leadX = sides.Lead(sides.X);
        long leadY = sides.Lead(sides.Y);
        var shape = new TileNShape
        {
            TilesX = new FastDivisor(tilesX),
            TilesY = new FastDivisor(tilesY),
            Width = (int)sides.Width,
            Height = (int)sides.Height,
            SourceStart = (view.SourceStart / plan.SourceWordSize) - leadX - leadY,
            DestinationStart = view.DestinationStart / plan.WordSize,
            LeadX = (uint)leadX,
            LeadY = (uint)leadY,
            X = Four(view, sides.X),
            Y = Four(view, sides.Y),
        };
        object axes = AxesSet.Create(outer);
        return new KernelChoice(typeof(TileN), [source, destination, op, axes.GetType()], source, destination, shape, axes, batch * tilesX * tilesY);
    }

    private static OffsetAxes Four(PlanView view, List<int> axes)
    {
        OffsetStep Step(int i) => new(i < axes.Count ? view.Step(axes[i], view.Plan.SourceWordSize, view.Plan.WordSize) : AxisStep.Single);
        return new OffsetAxes { A = Step(0), B = Step(1), C = Step(2), D = Step(3) };
    }
}
