namespace TensorBridge.Accelerators.Copying;

/// <summary>Four words in registers, on their way from a load to a store.</summary>
internal struct Four<T>
    where T : unmanaged
{
    public T First;
    public T Second;
    public T Third;
    public T Fourth;
}
