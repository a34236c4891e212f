using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>Loading kernels ahead of their first use.</content>
internal sealed partial class DeviceCopyEngine
{
    private const long Side = 4096;

    /// <summary>Loads the kernels of rows, transposes, strided and reversed slices and fills of items of these sizes; returns how many are loaded.</summary>
    public int Prewarm(ReadOnlySpan<int> itemSizes)
    {
        foreach (int size in itemSizes)
        {
            CopyOp copy = CopyOp.Copy(size);
            long row = Side * size;
            Load(copy, [Side, Side], [2 * row, size], [row, size]);
            Load(copy, [Side, Side], [row + size, size], [row, size]);
            Load(copy, [Side, Side], [size, row], [row, size]);
            Load(copy, [Side, Side - 1], [size, row], [row - size, size]);
            Load(copy, [Side, Side], [2 * row, 2 * size], [row, size]);
            Load(copy, [Side, Side], [row, size], [2 * row, 2 * size]);
            Load(copy, [Side, Side], [-row, -size], [row, size]);
            Load(copy, [8, 8, 8, 8, 8, 8], [size, 8 * size, 64 * size, 512 * size, 4096 * size, 32768 * size], [32768 * size, 4096 * size, 512 * size, 64 * size, 8 * size, size]);
            Load(copy, [Side, Side], [size, 0], [row, size]);
            PrepareFill(Planner.GetOrCreate(CopyOp.Fill(size), [Side], [0], [size], 16, 16), 16);
        }
        return KernelCount;
    }

    private void Load(in CopyOp op, long[] shape, long[] source, long[] destination)
    {
        Plan plan = Planner.GetOrCreate(op, shape, source, destination, 0, 0);
        PlansOf(plan).For(0 - PlanBounds.SourceLow(plan), 0);
    }
}
