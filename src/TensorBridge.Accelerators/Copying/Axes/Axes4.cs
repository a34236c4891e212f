namespace TensorBridge.Accelerators.Copying;

/// <summary>Four outer axes.</summary>
internal struct Axes4 : IAxes
{
    public AxisStep A;
    public AxisStep B;
    public AxisStep C;
    public AxisStep D;

    public Axes4(ReadOnlySpan<AxisStep> axes)
    {
        A = axes[0];
        B = axes[1];
        C = axes[2];
        D = axes[3];
    }

    public readonly void Decode(uint index, ref long source, ref long destination)
    {
        index = A.Split(index, ref source, ref destination);
        index = B.Split(index, ref source, ref destination);
        index = C.Split(index, ref source, ref destination);
        D.Step(index, ref source, ref destination);
    }

    public readonly uint Split(uint index, ref long source, ref long destination)
    {
        index = A.Split(index, ref source, ref destination);
        index = B.Split(index, ref source, ref destination);
        index = C.Split(index, ref source, ref destination);
        return D.Split(index, ref source, ref destination);
    }
}
