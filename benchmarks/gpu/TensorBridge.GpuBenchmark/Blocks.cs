namespace TensorBridge.GpuBenchmark;

/// <summary>Views of blocks of bytes.</summary>
internal static class Blocks
{
    /// <summary>A tensor over a part of a block, which lives on until both are disposed.</summary>
    public static TensorHandle View(TensorHandle block, long offset, DType type, Layout layout)
    {
        TensorHandle share = block.Share();
        return new TensorHandle(new TensorDescriptor(block.Data + (nuint)offset, type, layout, block.Device), share, share.Dispose);
    }
}
