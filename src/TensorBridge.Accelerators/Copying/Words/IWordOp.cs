namespace TensorBridge.Accelerators.Copying;

/// <summary>What happens to a word in registers, between load and store: a type argument, so that it is inlined.</summary>
internal interface IWordOp<TSource, TDestination>
    where TSource : unmanaged
    where TDestination : unmanaged
{
    TDestination Apply(TSource word);
}
