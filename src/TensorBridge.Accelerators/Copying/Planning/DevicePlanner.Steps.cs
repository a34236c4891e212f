using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>At most one side has unit stride.</content>
internal static partial class DevicePlanner
{
    private static KernelChoice? ChoosePack(PlanView view)
    {
        Plan plan = view.Plan;
        if (!KeepsSize(plan) || plan.WordSize == WideWord || view.Axes[0].Extent < 2 * (WideWord / plan.WordSize) || !view.DestinationAllows(WideWord, 0))
            return null;
        Type word = WordTypes.Word(plan.WordSize);
        Type packer = WordTypes.Packer(plan.WordSize);
        StepsShape shape = MakeSteps(view, 0, plan.WordSize, WideWord, out AxisStep[] outer);
        int each = plan.WordSize == 1 ? 1 : plan.WordSize == 2 ? 2 : 4;
        // One more unit than whole 16-byte words: it stores what is left at the end.
        long blocks = Spread(ref shape.Rows, (shape.Rows.Run * (long)plan.WordSize / WideWord) + 1, each);
        object axes = AxesSet.Create(outer);
        Type order = shape.SourceStep < 0 ? typeof(Falling) : typeof(Rising);
        return new KernelChoice(typeof(Pack), [word, packer, WordTypes.Swap(WideWord, Unit(plan)), order, axes.GetType()], word, typeof(V16), shape, axes, blocks);
    }

    private static KernelChoice? ChooseUnpack(PlanView view)
    {
        Plan plan = view.Plan;
        int axis = plan.TileAxis;
        if (!KeepsSize(plan) || plan.WordSize == WideWord || view.Axes[axis].Extent < 2 * (WideWord / plan.WordSize) || !view.SourceAllows(WideWord, axis))
            return null;
        Type word = WordTypes.Word(plan.WordSize);
        StepsShape shape = MakeSteps(view, axis, WideWord, plan.WordSize, out AxisStep[] outer);
        long blocks = Spread(ref shape.Rows, (shape.Rows.Run * (long)plan.WordSize / WideWord) + 1, Unpack.Vectors);
        object axes = AxesSet.Create(outer);
        Type[] arguments = [word, WordTypes.Packer(plan.WordSize), WordTypes.Swap(WideWord, Unit(plan)), axes.GetType()];
        return new KernelChoice(typeof(Unpack), arguments, typeof(V16), word, shape, axes, blocks);
    }

    private static KernelChoice? ChooseReplicate(PlanView view)
    {
        Plan plan = view.Plan;
        if (!KeepsSize(plan) || view.Axes[0].Destination != plan.WordSize || view.Axes[0].Extent * plan.WordSize < 2 * WideWord || !view.DestinationAllows(WideWord, 0))
            return null;
        Type word = WordTypes.Word(plan.WordSize);
        RowsShape shape = MakeSteps(view, 0, plan.WordSize, WideWord, out AxisStep[] outer).Rows;
        long blocks = Spread(ref shape, (shape.Run * (long)plan.WordSize / WideWord) + 1, Replicate.Vectors);
        object axes = AxesSet.Create(outer);
        Type[] arguments = [word, WordTypes.Packer(plan.WordSize), WordTypes.Swap(WideWord, Unit(plan)), axes.GetType()];
        return new KernelChoice(typeof(Replicate), arguments, word, typeof(V16), shape, axes, blocks);
    }

    /// <summary>Word by word along one axis; short axes leave it to the gather.</summary>
    private static KernelChoice ChooseSteps(PlanView view, int axis, DeviceTraits device)
    {
        Plan plan = view.Plan;
        if (view.Axes[axis].Extent < ShortRun)
            return ChooseGather(view, device);
        (Type op, Type source, Type destination) = WordOp(plan, device);
        StepsShape shape = MakeSteps(view, axis, plan.SourceWordSize, plan.WordSize, out AxisStep[] outer);
        long blocks = Spread(ref shape.Rows, shape.Rows.Run, 4);
        object axes = AxesSet.Create(outer);
        return new KernelChoice(typeof(Steps), [source, destination, op, axes.GetType()], source, destination, shape, axes, blocks);
    }

    private static KernelChoice ChooseGather(PlanView view, DeviceTraits device)
    {
        Plan plan = view.Plan;
        (Type op, Type source, Type destination) = WordOp(plan, device);
        (AxisStep[] all, long words) = view.Outer(plan.SourceWordSize, plan.WordSize);
        var shape = new GatherShape
        {
            Count = (uint)words,
            SourceStart = view.SourceStart / plan.SourceWordSize,
            DestinationStart = view.DestinationStart / plan.WordSize,
        };
        object axes = AxesSet.Create(all);
        return new KernelChoice(typeof(Gather), [source, destination, op, axes.GetType()], source, destination, shape, axes, Ceiling(words, Gather.WordsPerBlock));
    }

    /// <summary>The geometry along one axis, with starts counted in words of the given sizes; steps stay in the plan's words.</summary>
    private static StepsShape MakeSteps(PlanView view, int axis, int sourceWord, int destinationWord, out AxisStep[] outer)
    {
        (outer, long rows) = view.Outer(sourceWord, destinationWord, axis);
        return new StepsShape
        {
            Rows = new RowsShape
            {
                Run = (int)view.Axes[axis].Extent,
                Rows = (uint)rows,
                SourceStart = view.SourceStart / sourceWord,
                DestinationStart = view.DestinationStart / destinationWord,
            },
            SourceStep = view.Axes[axis].Source / view.Plan.SourceWordSize,
            DestinationStep = view.Axes[axis].Destination / view.Plan.WordSize,
        };
    }
}
