namespace TensorBridge.Accelerators.Copying;

/// <summary>Four neighbouring words, moved by one access: casts read and write them so that 1-, 2- and 4-byte elements do not travel alone.</summary>
internal struct Quad<T>
    where T : unmanaged
{
    public T X;
    public T Y;
    public T Z;
    public T W;
}
