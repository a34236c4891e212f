namespace TensorBridge.Accelerators.Copying;

/// <summary>The word is kept as it is.</summary>
internal readonly struct Keep<T> : IWordOp<T, T>
    where T : unmanaged
{
    public T Apply(T word) => word;
}
