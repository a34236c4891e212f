namespace TensorBridge.Accelerators.Copying;

/// <summary>Two sets of axes, one outside the other: ranks beyond 8, which hardly ever survive fusing.</summary>
internal struct AxesPair<TInner, TOuter> : IAxes
    where TInner : unmanaged, IAxes
    where TOuter : unmanaged, IAxes
{
    public TInner Inner;
    public TOuter Outer;

    public readonly void Decode(uint index, ref long source, ref long destination) =>
        Outer.Decode(Inner.Split(index, ref source, ref destination), ref source, ref destination);

    public readonly uint Split(uint index, ref long source, ref long destination) =>
        Outer.Split(Inner.Split(index, ref source, ref destination), ref source, ref destination);
}
