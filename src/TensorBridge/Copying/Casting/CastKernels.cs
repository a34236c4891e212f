using System.Collections.Concurrent;

namespace TensorBridge.Copying;

/// <summary>The kernels made so far, one per operation.</summary>
internal static unsafe class CastKernels
{
    private static readonly ConcurrentDictionary<CopyOp, CastKernel> s_kernels = new();

    public static CastKernel Get(in CopyOp op)
    {
        // Item counts do not matter to a byte swap: all items with the same component share a kernel.
        CopyOp key = op.Kind == CopyOpKind.ByteSwap ? CopyOp.ByteSwap(op.SwapUnit, op.SwapUnit) : op;
        return s_kernels.TryGetValue(key, out CastKernel? kernel) ? kernel : s_kernels.GetOrAdd(key, CastKernel.Create(key));
    }

    /// <summary>Converts <paramref name="count"/> contiguous elements in native byte order.</summary>
    public static void Convert(ElementType source, ElementType destination, byte* from, byte* to, nint count) =>
        Get(CopyOp.Cast(source, destination)).Convert(from, to, count);
}
