using System.Numerics;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>Unit stride on both sides, in either direction.</content>
internal static partial class DevicePlanner
{
    private static KernelChoice ChooseRows(PlanView view, DeviceTraits device)
    {
        Plan plan = view.Plan;
        if (plan.Op.Kind == CopyOpKind.Cast)
            return ChooseCastRows(view, device);
        int word = WidestRow(view);
        if (word <= 2 && plan.Op.Kind == CopyOpKind.Copy && view.Axes[0].Extent * word >= ShortRun * WideWord)
            return MakeShiftedRows(view);
        return MakeRows(view, WordTypes.Word(word), word, WordTypes.Word(word), word, WordTypes.Swap(word, Unit(plan)), 1, typeof(Rising), device);
    }

    /// <summary>The widest word that divides run, strides and addresses.</summary>
    private static int WidestRow(PlanView view)
    {
        int word = WideWord;
        long run = view.Axes[0].Extent * view.Plan.WordSize;
        while (word > view.Plan.WordSize && (run % word != 0 || !view.SourceAllows(word, 0) || !view.DestinationAllows(word, 0)))
            word /= 2;
        return word;
    }

    /// <summary>Casts move two or four elements at once where addresses and run allow.</summary>
    private static KernelChoice ChooseCastRows(PlanView view, DeviceTraits device)
    {
        Plan plan = view.Plan;
        (Type op, Type source, Type destination) = WordTypes.Cast(plan.Op, device.HasNativeHalf);
        int largest = Math.Max(plan.SourceWordSize, plan.WordSize);
        int count = largest == 16 ? 1 : largest == 8 ? 2 : 4;
        if (view.Axes[0].Extent % count != 0 || !view.SourceAllows(count * plan.SourceWordSize, 0) || !view.DestinationAllows(count * plan.WordSize, 0))
            count = 1;
        if (count > 1)
        {
            op = (count == 2 ? typeof(DuoOp<,,>) : typeof(QuadOp<,,>)).MakeGenericType(source, destination, op);
            source = (count == 2 ? typeof(Duo<>) : typeof(Quad<>)).MakeGenericType(source);
            destination = (count == 2 ? typeof(Duo<>) : typeof(Quad<>)).MakeGenericType(destination);
        }
        return MakeRows(view, source, count * plan.SourceWordSize, destination, count * plan.WordSize, op, count, typeof(Rising), device);
    }

    /// <summary>A source that runs backwards, word by word: read as wide words from its end and turned round in registers.</summary>
    private static KernelChoice? ChooseReversed(PlanView view)
    {
        Plan plan = view.Plan;
        if (plan.Op.Kind != CopyOpKind.Copy || view.Axes[0].Source != -plan.WordSize || plan.WordSize == WideWord)
            return null;
        long run = view.Axes[0].Extent * plan.WordSize;
        if (run % WideWord != 0 || run < ShortRun * WideWord || !view.SourceAllows(WideWord, 0) || !view.DestinationAllows(WideWord, 0))
            return null;
        return MakeRows(view, typeof(V16), WideWord, typeof(V16), WideWord, WordTypes.Reverse(plan.WordSize), WideWord / plan.WordSize, typeof(Falling), default);
    }

    /// <summary>Words of the given sizes along axis 0, which hold <paramref name="elements"/> plan words where they are not simply wider.</summary>
    private static KernelChoice MakeRows(PlanView view, Type source, int sourceSize, Type destination, int destinationSize, Type op, int elements, Type order, DeviceTraits device)
    {
        Plan plan = view.Plan;
        bool falls = order == typeof(Falling);
        long run = KeepsSize(plan) ? view.Axes[0].Extent * plan.WordSize / destinationSize : view.Axes[0].Extent / elements;
        (AxisStep[] outer, long rows) = view.Outer(sourceSize, destinationSize, 0);
        if (run < ShortRun && rows > 1 && !falls && destinationSize == plan.WordSize)
            return ChooseGather(view, device);
        int wider = Math.Max(sourceSize, destinationSize);
        int perBlock = Rows.WordsPerBlock(wider);
        // A falling run is named by its lowest word.
        long first = view.SourceStart + (falls ? (view.Axes[0].Extent - 1) * view.Axes[0].Source : 0);
        var shape = new RowsShape
        {
            Run = (int)run,
            WholeTiles = (int)(run / perBlock),
            Rows = (uint)rows,
            SourceStart = first / sourceSize,
            DestinationStart = view.DestinationStart / destinationSize,
        };
        Type kernel = run >= perBlock ? typeof(Rows) : typeof(RowsPacked);
        long blocks;
        if (kernel == typeof(Rows))
        {
            shape.Tiles = new FastDivisor(Ceiling(run, perBlock));
            blocks = shape.Tiles.Divisor * rows;
        }
        else
        {
            blocks = Spread(ref shape, run, 4 * RowsPacked.GroupsEach(Math.Min(sourceSize, destinationSize)));
        }
        object axes = AxesSet.Create(outer);
        return new KernelChoice(kernel, [source, destination, op, order, axes.GetType()], source, destination, shape, axes, blocks);
    }

    /// <summary>Sets lanes and tiles for rows of <paramref name="units"/> units, of which a thread takes <paramref name="each"/>; returns the number of blocks.</summary>
    private static long Spread(ref RowsShape shape, long units, int each)
    {
        int log2 = BitOperations.Log2((uint)Math.Max(1, Ceiling(units, each) - 1)) + 1;
        // Up to four units are one thread's work; more are shared out among eight neighbours at least, so that accesses meet in sectors.
        shape.LanesLog2 = units <= 4 ? 0 : Math.Clamp(log2, 3, RowsPacked.ThreadsLog2);
        shape.Tiles = new FastDivisor(Ceiling(units, (long)each << shape.LanesLog2));
        return shape.Tiles.Divisor * Ceiling(shape.Rows, Threads >> shape.LanesLog2);
    }
}
