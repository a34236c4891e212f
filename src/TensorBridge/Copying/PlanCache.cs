using System.Runtime.CompilerServices;

namespace TensorBridge.Copying;

/// <summary>Plans made before: the thread's last one, then a table of fixed size that all threads share.</summary>
/// <remarks>The table is read and written without locks: a slot is one reference to an immutable plan, and losing a race costs one more planning.</remarks>
internal static class PlanCache
{
    /// <summary>A power of two; two neighbouring slots form a set.</summary>
    private const int Slots = 2048;

    private static readonly Plan?[] s_table = new Plan?[Slots];

    [ThreadStatic]
    private static Plan? t_last;

    public static Plan GetOrCreate(in CopyOp op, int alignment, ReadOnlySpan<long> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> destination)
    {
        Plan? last = t_last;
        if (last is not null && last.Key.Matches(op, alignment, shape, source, destination))
            return last;
        return Find(op, alignment, shape, source, destination);
    }

    private static Plan Find(in CopyOp op, int alignment, ReadOnlySpan<long> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> destination)
    {
        if (source.Length != shape.Length || destination.Length != shape.Length)
            return Create(op, alignment, 0, shape, source, destination);
        ulong hash = PlanKey.ComputeHash(op, alignment, shape, source, destination);
        int slot = (int)(hash & (Slots - 2));
        Plan? plan = Volatile.Read(ref s_table[slot]);
        if (plan is null || plan.Key.Hash != hash || !plan.Key.Matches(op, alignment, shape, source, destination))
        {
            Plan? first = plan;
            plan = Volatile.Read(ref s_table[slot + 1]);
            if (plan is null || plan.Key.Hash != hash || !plan.Key.Matches(op, alignment, shape, source, destination))
            {
                plan = Create(op, alignment, hash, shape, source, destination);
                // The newcomer takes the first place and the first moves to the second: the older of the two is forgotten.
                Volatile.Write(ref s_table[slot + 1], first);
                Volatile.Write(ref s_table[slot], plan);
            }
        }
        t_last = plan;
        return plan;
    }

    [SkipLocalsInit]
    private static Plan Create(in CopyOp op, int alignment, ulong hash, ReadOnlySpan<long> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> destination)
    {
        Span<long> geometry = stackalloc long[3 * (Planner.MaxRank + 1)];
        PlanShape plan = Planner.Compute(op, alignment, shape, source, destination, geometry);
        return new Plan(PlanKey.Create(op, alignment, hash, shape, source, destination), plan, geometry[..(3 * plan.Rank)]);
    }
}
