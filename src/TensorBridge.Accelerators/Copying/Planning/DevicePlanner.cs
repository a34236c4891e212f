using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>From a plan to kernels: index width, word sizes by the addresses at hand, kernel family, axes, grid. Knows no accelerator.</summary>
/// <remarks>
/// Kernels address their block with 64 bits and their words inside it from there, so only the number of words has to fit 32 bits: larger
/// plans are cut along their outermost axis. Every outer index is decoded by multiplication, and grids have one dimension.
/// </remarks>
internal static partial class DevicePlanner
{
    /// <summary>Words of one launch: room is left for the words that rounding up to whole blocks adds.</summary>
    public const long LargestLaunch = 1L << 30;

    private const int Threads = 256;
    private const int WideWord = 16;

    /// <summary>Runs of fewer words than this do not pay for a group of threads of their own.</summary>
    private const int ShortRun = 8;

    /// <summary>The launches of a plan, in any order.</summary>
    public static List<KernelChoice> Choose(Plan plan, int sourceAlignment, int destinationAlignment, DeviceTraits device)
    {
        var launches = new List<KernelChoice>();
        foreach (Plan piece in Pieces(plan))
            launches.Add(ChooseOne(new PlanView(plan, piece, sourceAlignment, destinationAlignment), device));
        return launches;
    }

    /// <summary>True for the one case that the driver's own copy does best.</summary>
    public static bool IsDriverCopy(Plan plan) => plan.Path == CopyPath.Contiguous && plan.Op.Kind == CopyOpKind.Copy;

    /// <summary>The plan in slices that fit a launch each.</summary>
    internal static IEnumerable<Plan> Pieces(Plan plan)
    {
        if (plan.Path == CopyPath.Nothing)
            yield break;
        long words = 1;
        foreach (long extent in plan.Extents)
            words *= extent;
        if (words <= LargestLaunch)
        {
            yield return plan;
            yield break;
        }
        int axis = plan.Rank - 1;
        while (plan.Extents[axis] == 1)
            axis--;
        // Pieces start on a multiple of 64 words, so that cutting a run does not spoil its alignment.
        long count = Math.Max(1, LargestLaunch / (words / plan.Extents[axis]));
        count = count > 64 ? count & -64 : count;
        for (long start = 0; start < plan.Extents[axis]; start += count)
        {
            foreach (Plan piece in Pieces(plan.Slice(axis, start, Math.Min(count, plan.Extents[axis] - start))))
                yield return piece;
        }
    }

    private static KernelChoice ChooseOne(PlanView view, DeviceTraits device)
    {
        switch (view.Plan.Path)
        {
            case CopyPath.Contiguous or CopyPath.Rows or CopyPath.RowsPacked:
                return ChooseRows(view, device);
            case CopyPath.Tile or CopyPath.TileN:
                return ChooseTile(view, device) ?? ChooseGather(view, device);
            case CopyPath.Pack:
                return ChooseReversed(view) ?? ChoosePack(view) ?? ChooseSteps(view, 0, device);
            case CopyPath.Unpack:
                return ChooseUnpack(view) ?? ChooseSteps(view, view.Plan.TileAxis, device);
            case CopyPath.Fill or CopyPath.Replicate:
                return ChooseReplicate(view) ?? ChooseSteps(view, 0, device);
            default:
                return ChooseSteps(view, 0, device);
        }
    }

    /// <summary>The operation on single words, with the word types of both sides.</summary>
    private static (Type Op, Type Source, Type Destination) WordOp(Plan plan, DeviceTraits device)
    {
        if (plan.Op.Kind == CopyOpKind.Cast)
            return WordTypes.Cast(plan.Op, device.HasNativeHalf);
        Type word = WordTypes.Word(plan.WordSize);
        return (WordTypes.Swap(plan.WordSize, Unit(plan)), word, word);
    }

    /// <summary>Bytes of the components whose bytes are reversed; 1 for none.</summary>
    private static int Unit(Plan plan) => plan.Op.Kind == CopyOpKind.ByteSwap ? plan.Op.SwapUnit : 1;

    /// <summary>True where words keep their size: copies, fills and byte swaps.</summary>
    private static bool KeepsSize(Plan plan) => plan.Op.Kind != CopyOpKind.Cast;

    private static long Ceiling(long value, long divisor) => (value + divisor - 1) / divisor;
}
