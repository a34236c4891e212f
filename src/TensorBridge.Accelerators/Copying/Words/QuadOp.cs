namespace TensorBridge.Accelerators.Copying;

/// <summary>Applies an operation to four neighbouring words.</summary>
internal readonly struct QuadOp<TSource, TDestination, TOp> : IWordOp<Quad<TSource>, Quad<TDestination>>
    where TSource : unmanaged
    where TDestination : unmanaged
    where TOp : unmanaged, IWordOp<TSource, TDestination>
{
    public Quad<TDestination> Apply(Quad<TSource> word)
    {
        TOp op = default;
        Quad<TDestination> result;
        result.X = op.Apply(word.X);
        result.Y = op.Apply(word.Y);
        result.Z = op.Apply(word.Z);
        result.W = op.Apply(word.W);
        return result;
    }
}
