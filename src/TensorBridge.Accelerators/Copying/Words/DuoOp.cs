namespace TensorBridge.Accelerators.Copying;

/// <summary>Applies an operation to two neighbouring words.</summary>
internal readonly struct DuoOp<TSource, TDestination, TOp> : IWordOp<Duo<TSource>, Duo<TDestination>>
    where TSource : unmanaged
    where TDestination : unmanaged
    where TOp : unmanaged, IWordOp<TSource, TDestination>
{
    public Duo<TDestination> Apply(Duo<TSource> word)
    {
        TOp op = default;
        Duo<TDestination> result;
        result.X = op.Apply(word.X);
        result.Y = op.Apply(word.Y);
        return result;
    }
}
