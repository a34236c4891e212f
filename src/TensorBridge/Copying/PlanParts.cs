using TensorBridge.Copying.Host;

namespace TensorBridge.Copying;

/// <summary>A plan cut into smaller plans: the parts of conversions.</summary>
internal sealed unsafe class PlanParts : PartJob
{
    private readonly List<Plan> _slices = [];
    private readonly byte* _source;
    private readonly byte* _destination;

    /// <summary>Cuts a plan into slices that suit <paramref name="degree"/> threads.</summary>
    public PlanParts(Plan plan, byte* source, byte* destination, int degree, CopyHook? hook)
        : base(plan.Bytes, hook)
    {
        PlanSlicer.Cut(plan, PlanSlicer.SliceBytes(plan, degree), _slices);
        _source = source;
        _destination = destination;
    }

    protected override long Parts => _slices.Count;

    protected override long RunPart(long part)
    {
        PlanEngine.Execute(_slices[(int)part], _source, _destination);
        return _slices[(int)part].Bytes;
    }
}
