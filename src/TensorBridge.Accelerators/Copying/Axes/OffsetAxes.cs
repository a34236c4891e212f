namespace TensorBridge.Accelerators.Copying;

/// <summary>Up to four axes whose offsets fit 32 bits on both sides. Arithmetic wraps, so strides may be negative where the sum is not.</summary>
internal struct OffsetAxes
{
    public OffsetStep A;
    public OffsetStep B;
    public OffsetStep C;
    public OffsetStep D;

    /// <summary>Adds the offsets, in words, of the given linear index over these axes.</summary>
    public readonly void Decode(uint index, ref uint source, ref uint destination)
    {
        index = A.Split(index, ref source, ref destination);
        index = B.Split(index, ref source, ref destination);
        index = C.Split(index, ref source, ref destination);
        D.Step(index, ref source, ref destination);
    }
}
