namespace TensorBridge.Accelerators.Copying;

/// <summary>Two outer axes.</summary>
internal struct Axes2 : IAxes
{
    public AxisStep A;
    public AxisStep B;

    public Axes2(ReadOnlySpan<AxisStep> axes)
    {
        A = axes[0];
        B = axes[1];
    }

    public readonly void Decode(uint index, ref long source, ref long destination)
    {
        index = A.Split(index, ref source, ref destination);
        B.Step(index, ref source, ref destination);
    }

    public readonly uint Split(uint index, ref long source, ref long destination)
    {
        index = A.Split(index, ref source, ref destination);
        return B.Split(index, ref source, ref destination);
    }
}
