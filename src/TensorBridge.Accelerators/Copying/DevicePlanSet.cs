using System.Numerics;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The device plans of one <see cref="Plan"/> on one engine: one for each pair of address alignments that has turned up.</summary>
internal sealed class DevicePlanSet(DeviceCopyEngine engine, Plan plan)
{
    private const int Classes = 5;

    private readonly DevicePlan?[] _plans = new DevicePlan?[Classes * Classes];
    private readonly DevicePlan?[] _fills = new DevicePlan?[Classes];

    public DeviceCopyEngine Engine => engine;

    /// <summary>Bytes from the first source word to the lowest.</summary>
    public long SourceLow { get; } = PlanBounds.SourceLow(plan);

    /// <summary>Plans of other engines for the same copy.</summary>
    public DevicePlanSet? Next { get; set; }

    /// <summary>The plan for addresses of this alignment, made now if it is the first of its kind.</summary>
    public DevicePlan For(long source, long destination)
    {
        int slot = (Class(source) * Classes) + Class(destination);
        DevicePlan? made = Volatile.Read(ref _plans[slot]);
        if (made is null)
        {
            made = engine.Prepare(plan, 1 << Class(source), 1 << Class(destination));
            Volatile.Write(ref _plans[slot], made);
        }
        return made;
    }

    /// <summary>The plan of a fill whose value comes with each call.</summary>
    public DevicePlan ForFill(long destination)
    {
        ref DevicePlan? slot = ref _fills[Class(destination)];
        DevicePlan? made = Volatile.Read(ref slot);
        if (made is null)
        {
            made = engine.PrepareFill(plan, 1 << Class(destination));
            Volatile.Write(ref slot, made);
        }
        return made;
    }

    private static int Class(long place) => BitOperations.TrailingZeroCount(place | 16);
}
