namespace TensorBridge.Accelerators.Kernels;

/// <summary>Decides what a launch runs over.</summary>
internal static class IndexSpaceRules
{
    /// <summary>The space that the caller gave, or the one that all element-wise arguments agree on.</summary>
    /// <exception cref="TensorLayoutException">The arguments disagree, or none of them names a space.</exception>
    public static IndexSpace Find(KernelMethod method, LaunchOptions options, ReadOnlySpan<KernelArgument> arguments)
    {
        IndexSpace space = options.Extent is { } extent ? Given(method, extent) : FromTensors(method, arguments);
        CheckRange(method, space);
        return space;
    }

    private static IndexSpace Given(KernelMethod method, IReadOnlyList<long> extent)
    {
        if (extent.Count != method.IndexRank)
            throw new TensorLayoutException($"{method.Name} has an index of rank {method.IndexRank}, the extent given has {extent.Count} lengths");
        IndexSpace space = IndexSpace.Of([.. extent]);
        if (space.X < 0 || space.Y < 0 || space.Z < 0)
            throw new TensorLayoutException($"the extent {space} has a negative length");
        return space;
    }

    private static IndexSpace FromTensors(KernelMethod method, ReadOnlySpan<KernelArgument> arguments)
    {
        int decider = -1;
        IndexSpace space = default;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Tensor is not { } tensor || !method.Binders[i].TryGetSpace(tensor, method.IndexRank, out IndexSpace own))
                continue;
            if (decider >= 0 && own != space)
                throw Disagreement(method, arguments, decider, i);
            decider = i;
            space = own;
        }

        return decider >= 0
            ? space
            : throw new TensorLayoutException($"no tensor argument of {method.Name} stands for an index space of rank {method.IndexRank}: give the extent");
    }

    private static TensorLayoutException Disagreement(KernelMethod method, ReadOnlySpan<KernelArgument> arguments, int first, int second) =>
        new($"argument {first + 1} '{method.Parameters[first].Name}' {arguments[first]} and argument {second + 1} '{method.Parameters[second].Name}' {arguments[second]} disagree on the index space of {method.Name}; make their shapes equal, or give the extent");

    private static void CheckRange(KernelMethod method, IndexSpace space)
    {
        if (space.X > int.MaxValue || space.Y > int.MaxValue || space.Z > int.MaxValue)
            throw new TensorLayoutException($"the index space {space} of {method.Name} exceeds the 32 bits of an index; launch parts, or use an explicitly grouped kernel");
    }
}
