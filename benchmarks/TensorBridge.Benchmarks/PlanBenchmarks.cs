using BenchmarkDotNet.Attributes;
using TensorBridge.Copying;

namespace TensorBridge.Benchmarks;

/// <summary>What a plan costs: made anew, found in the thread's slot, found in the table. Budgets: 1 us, 30 ns, 30 ns.</summary>
[MemoryDiagnoser]
public class PlanBenchmarks
{
    private readonly CopyOp _op = CopyOp.Copy(4);
    private readonly long[] _geometry = new long[3 * (Planner.MaxRank + 1)];
    private long[] _shape = [];
    private long[] _source = [];
    private long[] _destination = [];
    private long[] _other = [];

    /// <summary>Axes of the copy; none fuses with another.</summary>
    [Params(2, 4, 16)]
    public int Rank { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _shape = [.. Enumerable.Repeat(3L, Rank)];
        _destination = [.. Enumerable.Range(0, Rank).Select(i => 4 * (long)Math.Pow(3, Rank - 1 - i))];
        _source = [.. _destination.Reverse()];
        _other = [.. _destination];
    }

    [Benchmark]
    public int Compute() => Planner.Compute(_op, 0, _shape, _source, _destination, _geometry).Rank;

    [Benchmark]
    public Plan SameAgain() => Planner.GetOrCreate(_op, _shape, _source, _destination);

    /// <summary>Two plans in turn: the thread's slot misses, the table hits. Two look-ups per operation.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public Plan Alternating()
    {
        Planner.GetOrCreate(_op, _shape, _source, _destination);
        return Planner.GetOrCreate(_op, _shape, _other, _destination);
    }
}
