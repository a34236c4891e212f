namespace TensorBridge.Copying;

/// <summary>Steps through the blocks of an index space.</summary>
internal static class BlockWalk
{
    /// <summary>Moves <paramref name="start"/> to the next block, axis 0 fastest; false after the last.</summary>
    public static bool Next(Span<long> start, ReadOnlySpan<long> block, ReadOnlySpan<long> extents)
    {
        for (int axis = 0; axis < start.Length; axis++)
        {
            start[axis] += block[axis];
            if (start[axis] < extents[axis])
                return true;
            start[axis] = 0;
        }
        return false;
    }
}
