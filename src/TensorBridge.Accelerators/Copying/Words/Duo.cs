namespace TensorBridge.Accelerators.Copying;

/// <summary>Two neighbouring words, moved by one access where one of the two sides of a cast has 8-byte words.</summary>
internal struct Duo<T>
    where T : unmanaged
{
    public T X;
    public T Y;
}
