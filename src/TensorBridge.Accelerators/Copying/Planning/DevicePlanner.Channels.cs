using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>A short axis that is unit on one side and continued there by the long one: channels of images.</content>
internal static partial class DevicePlanner
{
    private const int MostChannels = 31;

    private static KernelChoice? ChooseChannels(PlanView view)
    {
        Plan plan = view.Plan;
        int axis = plan.TileAxis;
        PlanView.Axis y = view.Axes[0];
        PlanView.Axis x = view.Axes[axis];
        int unit = Math.Max(4, plan.WordSize);
        if (plan.Op.Kind != CopyOpKind.Copy || plan.WordSize > 8)
            return null;
        if (x.Extent <= MostChannels && y.Source == x.Extent * plan.WordSize && view.SourceAllows(WideWord, 0, axis) && view.DestinationAllows(unit, 0))
            return MakeChannels(view, typeof(SplitChannels), y.Extent, x.Extent, x.Destination / unit, WideWord, unit);
        if (y.Extent <= MostChannels && x.Destination == y.Extent * plan.WordSize && view.DestinationAllows(WideWord, 0, axis) && view.SourceAllows(unit, axis))
            return MakeChannels(view, typeof(MergeChannels), x.Extent, y.Extent, y.Source / unit, unit, WideWord);
        return null;
    }

    private static KernelChoice? MakeChannels(PlanView view, Type kernel, long pixels, long channels, long pitch, int sourceWord, int destinationWord)
    {
        int word = view.Plan.WordSize;
        long largest = SplitChannels.PieceBytes / (channels * word) & -16;
        if (pixels < 64 || channels * pitch > uint.MaxValue)
            return null;
        long tiles = Ceiling(pixels, largest);
        long step = Ceiling(Ceiling(pixels, tiles), 16) * 16;
        (AxisStep[] outer, long batch) = view.Outer(sourceWord, destinationWord, 0, view.Plan.TileAxis);
        var shape = new ChannelsShape
        {
            Tiles = new FastDivisor(tiles),
            Quarter = new FastDivisor(step * word / Math.Max(4, word) / 4),
            Channels = new FastDivisor(channels),
            Step = (int)step,
            Pixels = (int)pixels,
            Vectors = (int)(step * channels * word / WideWord),
            Pitch = (uint)pitch,
            SourceStart = view.SourceStart / sourceWord,
            DestinationStart = view.DestinationStart / destinationWord,
        };
        object axes = AxesSet.Create(outer);
        Type type = WordTypes.Word(word);
        Type unit = WordTypes.Word(Math.Max(4, word));
        Type[] arguments = [type, unit, WordTypes.Unit(word), axes.GetType()];
        bool splits = kernel == typeof(SplitChannels);
        return new KernelChoice(kernel, arguments, splits ? typeof(V16) : unit, splits ? unit : typeof(V16), shape, axes, batch * tiles);
    }
}
