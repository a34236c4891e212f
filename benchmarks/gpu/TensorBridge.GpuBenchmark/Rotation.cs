namespace TensorBridge.GpuBenchmark;

/// <summary>
/// Pairs of blocks that are used in turn, as many as it takes to exceed four times the second-level cache: what is read
/// was not written a moment ago, and small payloads do not live in the cache.
/// </summary>
internal sealed class Rotation : IDisposable
{
    private const int Most = 64;
    private readonly (TensorHandle Source, TensorHandle Destination)[] _pairs;
    private int _next;

    private Rotation(int count, Func<(TensorHandle Source, TensorHandle Destination)> make) => _pairs = [.. Enumerable.Range(0, count).Select(_ => make())];

    /// <summary>As many pairs as are needed.</summary>
    /// <param name="pairBytes">Bytes of the blocks of one pair.</param>
    /// <param name="cacheBytes">Bytes of the second-level cache.</param>
    /// <param name="make">Makes a pair.</param>
    public static Rotation Of(long pairBytes, long cacheBytes, Func<(TensorHandle Source, TensorHandle Destination)> make) =>
        new((int)Math.Clamp(((4 * cacheBytes) + pairBytes - 1) / Math.Max(1, pairBytes), 1, Most), make);

    /// <summary>The pair that results are checked on.</summary>
    public (TensorHandle Source, TensorHandle Destination) First => _pairs[0];

    /// <summary>The pairs after the first.</summary>
    public IEnumerable<(TensorHandle Source, TensorHandle Destination)> Others => _pairs.Skip(1);

    /// <summary>The pair whose turn it is.</summary>
    public (TensorHandle Source, TensorHandle Destination) Next() => _pairs[_next++ % _pairs.Length];

    public void Dispose()
    {
        foreach ((TensorHandle source, TensorHandle destination) in _pairs)
        {
            source.Dispose();
            destination.Dispose();
        }
    }
}
