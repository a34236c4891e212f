namespace TensorBridge.Peers;

/// <summary>One way to do a case: what is timed, and the times.</summary>
internal sealed class Contestant(string name, int threads, bool fresh, Action run)
{
    public string Name => name;

    public int Threads => threads;

    public bool Fresh => fresh;

    public Action Run => run;

    public List<double> Seconds { get; } = [];

    public double Median()
    {
        double[] sorted = [.. Seconds.Order()];
        return sorted[sorted.Length / 2];
    }
}
