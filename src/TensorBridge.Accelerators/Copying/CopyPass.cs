using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>One launch of a copy that takes several: records go field by field, over the same memory.</summary>
/// <param name="Op">What happens to each item.</param>
/// <param name="Source">What is read; it has the destination's shape.</param>
/// <param name="Destination">What is written.</param>
internal readonly record struct CopyPass(CopyOp Op, TensorDescriptor Source, TensorDescriptor Destination)
{
    /// <summary>The passes from one tensor to another of the same shape, all of them known to have kernels before the first is launched.</summary>
    /// <remarks>Fields pair up in order of declaration, as in NumPy. Bytes between fields are not touched.</remarks>
    /// <exception cref="TensorUnsupportedException">Somewhere in the type is a conversion that only the host has.</exception>
    public static List<CopyPass> Of(TensorDescriptor source, TensorDescriptor destination)
    {
        var passes = new List<CopyPass>();
        Add(source, destination, passes);
        return passes;
    }

    private static void Add(TensorDescriptor source, TensorDescriptor destination, List<CopyPass> passes)
    {
        if (SingleOp.TryCreate(source.DType, destination.DType, out CopyOp op))
        {
            if (destination.DType.ItemSize > 0)
                passes.Add(new CopyPass(op, source, destination));
            return;
        }
        if (!source.DType.IsRecord || !destination.DType.IsRecord)
            throw new TensorUnsupportedException($"no kernel converts {source.DType} to {destination.DType}: only the host counts units of time over; copy to the host, convert with TensorCopy.Cast and copy back");
        for (int i = 0; i < source.DType.Fields.Length; i++)
        {
            RecordField from = source.DType.Fields[i];
            RecordField to = destination.DType.Fields[i];
            CastCheck.ThrowUnlessAllowed(from.Type, to.Type, CastingRule.Unsafe);
            Add(CompositeCopy.Select(source, from), CompositeCopy.Select(destination, to), passes);
        }
    }
}
