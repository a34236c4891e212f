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
        StepsShape steps = MakeSteps(view, StepsFit(view, 0) ? 0 : -1, out AxisStep[] outer);
        var shape = new FillShape { Rows = steps.Rows, DestinationStep = steps.DestinationStep };
        long blocks = dense ? Spread(ref shape.Rows, Vectors(shape.Rows.Run, word), StoreRows.Vectors) : Spread(ref shape.Rows, shape.Rows.Run, Steps.WordsEach(word));
        object axes = AxesSet.Create(outer);
        Type type = WordTypes.Word(word);
        Type kernel = dense ? typeof(Fill) : typeof(FillSteps);
        return new KernelChoice(kernel, [type, WordTypes.Packer(word), axes.GetType()], type, dense ? typeof(V16) : type, shape, axes, blocks) { DestinationGrain = dense ? word : 0 };
    }
}
