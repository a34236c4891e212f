using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>At most one side has unit stride.</content>
internal static partial class DevicePlanner
{
    private static KernelChoice? ChoosePack(PlanView view)
    {
        Plan plan = view.Plan;
        if (!KeepsSize(plan) || plan.WordSize == WideWord || view.Axes[0].Extent * plan.WordSize < 2 * WideWord || !StepsFit(view, 0))
            return null;
        return MakePack(view, WordTypes.Packer(plan.WordSize), view.Axes[0].Source < 0 ? typeof(Falling) : typeof(Rising), plan.WordSize <= 2 ? 2 : 4, sourceGrain: 0);
    }

    /// <summary>Runs of 1- and 2-byte words whose two sides are not aligned alike: whole words are loaded and shifted into place.</summary>
    private static KernelChoice MakeShiftedRows(PlanView view) =>
        MakePack(view, view.Plan.WordSize == 1 ? typeof(ShiftPacker1) : typeof(ShiftPacker2), typeof(Rising), 2, view.Plan.WordSize);

    private static KernelChoice MakePack(PlanView view, Type packer, Type order, int each, int sourceGrain)
    {
        Plan plan = view.Plan;
        Type word = WordTypes.Word(plan.WordSize);
        StepsShape shape = MakeSteps(view, 0, out AxisStep[] outer);
        long blocks = Spread(ref shape.Rows, Vectors(shape.Rows.Run, plan.WordSize), each);
        object axes = AxesSet.Create(outer);
        Type[] arguments = [word, packer, WordTypes.Swap(WideWord, Unit(plan)), order, axes.GetType()];
        return new KernelChoice(typeof(Pack), arguments, word, typeof(V16), shape, axes, blocks) { SourceGrain = sourceGrain, DestinationGrain = plan.WordSize };
    }

    private static KernelChoice? ChooseUnpack(PlanView view)
    {
        Plan plan = view.Plan;
        int axis = plan.TileAxis;
        if (!KeepsSize(plan) || plan.WordSize == WideWord || view.Axes[axis].Extent * plan.WordSize < 2 * WideWord || !StepsFit(view, axis))
            return null;
        Type word = WordTypes.Word(plan.WordSize);
        StepsShape shape = MakeSteps(view, axis, out AxisStep[] outer);
        long blocks = Spread(ref shape.Rows, Vectors(shape.Rows.Run, plan.WordSize), Unpack.Vectors);
        object axes = AxesSet.Create(outer);
        Type[] arguments = [word, WordTypes.Packer(plan.WordSize), WordTypes.Swap(WideWord, Unit(plan)), axes.GetType()];
        return new KernelChoice(typeof(Unpack), arguments, typeof(V16), word, shape, axes, blocks) { SourceGrain = plan.WordSize };
    }

    private static KernelChoice? ChooseReplicate(PlanView view)
    {
        Plan plan = view.Plan;
        if (!KeepsSize(plan) || view.Axes[0].Destination != plan.WordSize || view.Axes[0].Extent * plan.WordSize < 2 * WideWord)
            return null;
        Type word = WordTypes.Word(plan.WordSize);
        RowsShape shape = MakeSteps(view, 0, out AxisStep[] outer).Rows;
        long blocks = Spread(ref shape, Vectors(shape.Run, plan.WordSize), StoreRows.Vectors);
        object axes = AxesSet.Create(outer);
        Type[] arguments = [word, WordTypes.Packer(plan.WordSize), WordTypes.Swap(WideWord, Unit(plan)), axes.GetType()];
        return new KernelChoice(typeof(Replicate), arguments, word, typeof(V16), shape, axes, blocks) { DestinationGrain = plan.WordSize };
    }

    /// <summary>16-byte words that a run of words may touch, wherever it begins.</summary>
    private static long Vectors(long run, int word) => Ceiling((run * word) + WideWord - word, WideWord);

    /// <summary>Word by word along one axis; short axes, and those whose words lie too far apart for 32 bits, leave it to the gather.</summary>
    private static KernelChoice ChooseSteps(PlanView view, int axis, DeviceTraits device)
    {
        Plan plan = view.Plan;
        if (view.Axes[axis].Extent < ShortRun || !StepsFit(view, axis))
            return ChooseGather(view, device);
        (Type op, Type source, Type destination) = WordOp(plan, device);
        StepsShape shape = MakeSteps(view, axis, out AxisStep[] outer);
        long blocks = Spread(ref shape.Rows, shape.Rows.Run, Steps.WordsEach(Math.Max(plan.SourceWordSize, plan.WordSize)));
        object axes = AxesSet.Create(outer);
        Type order = shape.SourceStep < 0 ? typeof(Falling) : typeof(Rising);
        return new KernelChoice(typeof(Steps), [source, destination, op, order, axes.GetType()], source, destination, shape, axes, blocks);
    }

    /// <summary>True when the offsets between the words of a thread fit 32 bits: from one to the next, and from first to last in a source that runs backwards.</summary>
    private static bool StepsFit(PlanView view, int axis)
    {
        long source = view.Axes[axis].Source / view.Plan.SourceWordSize;
        long farthest = source < 0 ? -source * Steps.WordsEach(1) : source;
        return Math.Max(farthest, view.Axes[axis].Destination / view.Plan.WordSize) <= uint.MaxValue / Threads;
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

    /// <summary>The geometry along one axis, counted in the plan's words; -1 for none, then every word is a run of its own.</summary>
    private static StepsShape MakeSteps(PlanView view, int axis, out AxisStep[] outer)
    {
        int sourceWord = view.Plan.SourceWordSize;
        int destinationWord = view.Plan.WordSize;
        (outer, long rows) = view.Outer(sourceWord, destinationWord, axis);
        return new StepsShape
        {
            Rows = new RowsShape
            {
                Run = axis < 0 ? 1 : (int)view.Axes[axis].Extent,
                Rows = (uint)rows,
                SourceStart = view.SourceStart / sourceWord,
                DestinationStart = view.DestinationStart / destinationWord,
            },
            SourceStep = axis < 0 ? 0 : view.Axes[axis].Source / sourceWord,
            DestinationStep = axis < 0 ? 0 : view.Axes[axis].Destination / destinationWord,
        };
    }
}
