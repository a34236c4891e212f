namespace TensorBridge.Accelerators.Copying;

/// <summary>Converts a value from one element type to another, as <see cref="TensorBridge.Copying.CopyOp"/>'s casts define it.</summary>
internal readonly struct Cast<TSource, TDestination, TFrom, TTo> : IWordOp<TSource, TDestination>
    where TSource : unmanaged
    where TDestination : unmanaged
    where TFrom : unmanaged, IElement<TSource>
    where TTo : unmanaged, IElement<TDestination>
{
    public TDestination Apply(TSource word)
    {
        TFrom from = default;
        TTo to = default;
        if (from.IsInteger)
            return to.FromInteger(from.Integer(word), from.IsSigned);
        return from.IsSingle
            ? to.FromSingle(from.Single(word), from.SingleImaginary(word))
            : to.FromReal(from.Real(word), from.Imaginary(word));
    }
}
