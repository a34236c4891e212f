namespace TensorBridge.Accelerators.Copying;

/// <summary>One operation after another.</summary>
internal readonly struct Chain<TSource, TMiddle, TDestination, TFirst, TSecond> : IWordOp<TSource, TDestination>
    where TSource : unmanaged
    where TMiddle : unmanaged
    where TDestination : unmanaged
    where TFirst : unmanaged, IWordOp<TSource, TMiddle>
    where TSecond : unmanaged, IWordOp<TMiddle, TDestination>
{
    public TDestination Apply(TSource word) => default(TSecond).Apply(default(TFirst).Apply(word));
}
