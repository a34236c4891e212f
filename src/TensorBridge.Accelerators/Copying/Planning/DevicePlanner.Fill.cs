using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>One value of the host, stored everywhere.</content>
internal static partial class DevicePlanner
{
    /// <summary>The launches of a fill whose item is one word of the plan.</summary>
    public static List<KernelChoice> ChooseFill(Plan plan, int destinationAlignment)
    {
        var launches = new List<KernelChoice>();
        foreach (Plan piece in Pieces(plan))
            launches.Add(MakeFill(new PlanView(plan, piece, WideWord, destinationAlignment)));
        return launches;
    }

    private static KernelChoice MakeFill(PlanView view)
    {
        int word = view.Plan.WordSize;
        bool dense = view.Axes[0].Destination == word;
        long bytes = view.Axes[0].Extent * word;
        int wide = WideWord;
        while (wide > word && (!dense || bytes % wide != 0 || !view.DestinationAllows(wide, 0)))
            wide /= 2;
        (AxisStep[] outer, long rows) = view.Outer(word, wide, 0);
        long run = dense ? bytes / wide : view.Axes[0].Extent;
        var shape = new FillShape
        {
            Rows = new RowsShape { Run = (int)run, Rows = (uint)rows, DestinationStart = view.DestinationStart / wide },
            DestinationStep = dense ? 1 : view.Axes[0].Destination / word,
        };
        long blocks = Spread(ref shape.Rows, run, 4);
        object axes = AxesSet.Create(outer);
        Type type = WordTypes.Word(wide);
        return new KernelChoice(typeof(Fill), [type, WordTypes.Packer(wide), axes.GetType()], type, type, shape, axes, blocks);
    }
}
