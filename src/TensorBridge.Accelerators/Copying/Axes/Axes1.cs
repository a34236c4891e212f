namespace TensorBridge.Accelerators.Copying;

/// <summary>One outer axis.</summary>
internal struct Axes1 : IAxes
{
    public AxisStep A;

    public Axes1(ReadOnlySpan<AxisStep> axes) => A = axes[0];

    public readonly void Decode(uint index, ref long source, ref long destination) => A.Step(index, ref source, ref destination);

    public readonly uint Split(uint index, ref long source, ref long destination) => A.Split(index, ref source, ref destination);
}
