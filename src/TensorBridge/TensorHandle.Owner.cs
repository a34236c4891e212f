namespace TensorBridge;

public sealed partial class TensorHandle
{
    /// <summary>What keeps the memory alive, if it is a <typeparamref name="T"/>.</summary>
    internal T? OwnerAs<T>()
        where T : class => _owner?.KeepAlive as T;

    /// <summary>
    /// Bytes from the memory's handle to element 0, on devices that name memory by handles (OpenCL): <see cref="Data"/> is the sum of
    /// both, a number to tell places apart. 0 on devices with addresses.
    /// </summary>
    internal ulong HandleOffset => Device.Type == DeviceType.OpenCL && _owner is { } owner ? Data - owner.Start : 0;
}
