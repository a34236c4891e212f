using TensorBridge.Copying.Host;

namespace TensorBridge.Copying;

/// <summary>What a plan is worth: descriptions and expected rates, from measured targets (host) and the sector model (device).</summary>
internal static class PlanEstimate
{
    private const int Sector = 32;


    public static string Describe(Plan plan) => plan.Path switch
    {
        CopyPath.Contiguous => "one run on both sides",
        CopyPath.Rows => "rows of unit stride on both sides",
        CopyPath.RowsPacked => "short rows of unit stride on both sides",
        CopyPath.Tile => $"transposes tiles over axes 0 and {plan.TileAxis}",
        CopyPath.TileN => $"transposes small tiles over axes 0 and {plan.TileAxis}",
        CopyPath.Pack => "gathers into destination runs",
        CopyPath.Unpack => "scatters source runs",
        CopyPath.Gather => "word by word, no run on either side",
        CopyPath.Fill => "stores one word everywhere",
        CopyPath.Replicate => "repeats each source word along a run",
        _ => "nothing to move",
    };

    /// <summary>Measured targets of the host engine: the first for copies that fit the caches, the second for those that stream from memory.</summary>
    public static double HostFraction(Plan plan)
    {
        bool large = plan.Bytes >= HostEngine.StreamThreshold;
        return plan.Path switch
        {
            CopyPath.Nothing => 1,
            CopyPath.Contiguous => plan.Op.Kind is CopyOpKind.Copy or CopyOpKind.Fill ? (large ? 1.4 : 0.97) : (large ? 1.3 : 0.9),
            CopyPath.Rows => large ? 1.2 : 0.9,
            CopyPath.RowsPacked => large ? 0.9 : 0.6,
            CopyPath.Tile => TileFraction(plan.WordSize, large),
            CopyPath.TileN => large ? 0.9 : 0.7,
            CopyPath.Pack => large ? 0.7 : 0.5,
            CopyPath.Unpack => large ? 0.75 : 0.6,
            CopyPath.Gather => large ? 0.45 : 0.35,
            CopyPath.Fill => large ? 2 : 1.5,
            _ => large ? 2 : 1.4,
        };
    }

    private static double TileFraction(int word, bool large) => word switch
    {
        1 or 2 => 0.6,
        4 => large ? 0.85 : 0.75,
        _ => large ? 0.95 : 0.7,
    };

    /// <summary>2 * payload / (sectors touched on both sides * 32), each run at random alignment, broadcast axes read once.</summary>
    public static double SectorRoof(Plan plan)
    {
        if (plan.Path == CopyPath.Nothing)
            return 1;
        double read = Traffic(plan, plan.SourceStrides, plan.SourceWordSize);
        double written = Traffic(plan, plan.DestinationStrides, plan.WordSize);
        double source = (double)plan.ElementCount * plan.Op.SourceItemSize;
        return (source + plan.Bytes) / (read + written);
    }

    /// <summary>Bytes of sectors that one side moves: the densest run it offers, or a sector for every word.</summary>
    private static double Traffic(Plan plan, ReadOnlySpan<long> strides, int word)
    {
        double words = 1;
        long pitch = long.MaxValue;
        long run = 1;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            long stride = Math.Abs(strides[axis]);
            if (stride == 0)
                continue;
            words *= plan.Extents[axis];
            if (stride < pitch)
                (pitch, run) = (stride, plan.Extents[axis]);
        }
        if (pitch >= Sector)
            return words * Math.Max(word, Sector);
        double sectors = ((((run - 1) * pitch) + word - 1) / (double)Sector) + 1;
        bool seamless = plan.Path == CopyPath.Contiguous || words * pitch <= Sector;
        return words / run * Sector * (seamless ? run * pitch / (double)Sector : sectors);
    }
}
