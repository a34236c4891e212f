using TensorBridge.Copying.Host;

namespace TensorBridge.Copying;

/// <summary>Executes casts, and byte swaps in place. Rows are converted directly, any other geometry block by block through a buffer that stays in the caches.</summary>
internal static unsafe class ConvertEngine
{
    /// <summary>Rows shorter than this many words are gathered into blocks rather than converted one by one.</summary>
    private const int ShortRow = 64;

    public static void Execute(Plan plan, byte* source, byte* destination)
    {
        CastKernel kernel = CastKernel.For(plan.Op);
        if (plan.Path == CopyPath.Contiguous)
            Run(kernel, plan, source + plan.SourceOffset, destination + plan.DestinationOffset, (nint)plan.Extents[0]);
        else if (plan.Path is CopyPath.Rows or CopyPath.RowsPacked && plan.Extents[0] >= ShortRow)
            Rows(kernel, plan, plan.Rank - 1, source + plan.SourceOffset, destination + plan.DestinationOffset);
        else
            Blocks(kernel, plan, source + plan.SourceOffset, destination + plan.DestinationOffset);
    }

    private static void Blocks(CastKernel kernel, Plan plan, byte* source, byte* destination)
    {
        int unit = ConvertedRuns.FindUnit(plan);
        if (unit >= 0)
            new ConvertedRuns(plan, kernel, unit).Execute(source, destination);
        else
            new GatheredBlocks(plan, kernel).Execute(source, destination);
    }

    private static void Rows(CastKernel kernel, Plan plan, int axis, byte* source, byte* destination)
    {
        if (axis == 0)
        {
            Run(kernel, plan, source, destination, (nint)plan.Extents[0]);
            return;
        }
        long extent = plan.Extents[axis];
        for (long i = 0; i < extent; i++)
            Rows(kernel, plan, axis - 1, source + (i * plan.SourceStrides[axis]), destination + (i * plan.DestinationStrides[axis]));
    }

    private static void Run(CastKernel kernel, Plan plan, byte* source, byte* destination, nint count)
    {
        if (plan.WholeBytes >= HostEngine.StreamThreshold && source != destination)
            kernel.ConvertStreaming(source, destination, count);
        else
            kernel.Convert(source, destination, count);
    }
}
