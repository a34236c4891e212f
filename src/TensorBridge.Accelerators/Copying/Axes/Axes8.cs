namespace TensorBridge.Accelerators.Copying;

/// <summary>Eight outer axes.</summary>
internal struct Axes8 : IAxes
{
    public AxisStep A;
    public AxisStep B;
    public AxisStep C;
    public AxisStep D;
    public AxisStep E;
    public AxisStep F;
    public AxisStep G;
    public AxisStep H;

    public Axes8(ReadOnlySpan<AxisStep> axes)
    {
        A = axes[0];
        B = axes[1];
        C = axes[2];
        D = axes[3];
        E = axes[4];
        F = axes[5];
        G = axes[6];
        H = axes[7];
    }

    public readonly void Decode(uint index, ref long source, ref long destination)
    {
        index = A.Split(index, ref source, ref destination);
        index = B.Split(index, ref source, ref destination);
        index = C.Split(index, ref source, ref destination);
        index = D.Split(index, ref source, ref destination);
        index = E.Split(index, ref source, ref destination);
        index = F.Split(index, ref source, ref destination);
        index = G.Split(index, ref source, ref destination);
        H.Step(index, ref source, ref destination);
    }

    public readonly uint Split(uint index, ref long source, ref long destination)
    {
        index = A.Split(index, ref source, ref destination);
        index = B.Split(index, ref source, ref destination);
        index = C.Split(index, ref source, ref destination);
        index = D.Split(index, ref source, ref destination);
        index = E.Split(index, ref source, ref destination);
        index = F.Split(index, ref source, ref destination);
        index = G.Split(index, ref source, ref destination);
        return H.Split(index, ref source, ref destination);
    }
}
