namespace TensorBridge;

public sealed partial class TensorHandle
{
    /// <summary>What keeps the memory alive, if it is a <typeparamref name="T"/>.</summary>
    internal T? OwnerAs<T>()
        where T : class => _owner?.KeepAlive as T;
}
