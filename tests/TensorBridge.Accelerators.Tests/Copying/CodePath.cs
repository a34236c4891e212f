namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>One instruction of PTX or machine code, as far as paths through a kernel are concerned.</summary>
internal sealed record CodeLine(string Opcode, string? Target, bool IsConditional, bool IsExit)
{
    /// <summary>Bytes stored to global memory.</summary>
    public int Stored { get; init; }

    /// <summary>Bytes loaded from global memory.</summary>
    public int Loaded { get; init; }
}

/// <summary>The way a thread takes through a kernel when its tile or row is whole: the shortest one that stores a given number of bytes.</summary>
internal sealed class CodePath
{
    private readonly IReadOnlyList<CodeLine> _code;
    private readonly IReadOnlyDictionary<string, int> _labels;
    private readonly Dictionary<(int At, int Missing), int> _lengths = [];
    private readonly HashSet<int> _entered = [];

    private CodePath(IReadOnlyList<CodeLine> code, IReadOnlyDictionary<string, int> labels)
    {
        _code = code;
        _labels = labels;
    }

    /// <summary>The lines of the shortest path from the entry to an exit that stores at least <paramref name="bytes"/> bytes and takes no loop twice.</summary>
    public static IReadOnlyList<CodeLine> Find(IReadOnlyList<CodeLine> code, IReadOnlyDictionary<string, int> labels, int bytes)
    {
        var path = new CodePath(code, labels);
        Assert.True(path.Length(0, bytes) < Unreachable, $"no path stores {bytes} bytes");
        return path.Walk(bytes);
    }

    /// <summary>As <see cref="Find"/> for kernels that work in loops: the shortest path, loops turned as often as it takes, that loads and stores at
    /// least <paramref name="bytes"/> bytes each and passes a barrier between them, where there is one.</summary>
    public static IReadOnlyList<CodeLine> FindThroughLoops(IReadOnlyList<CodeLine> code, IReadOnlyDictionary<string, int> labels, int bytes)
    {
        var path = new CodePath(code, labels);
        var cameFrom = new Dictionary<Place, Place>();
        var start = new Place(0, bytes, bytes, !code.Any(line => line.Opcode.StartsWith("BAR", StringComparison.Ordinal)));
        var next = new Queue<Place>([start]);
        cameFrom[start] = start;
        while (next.TryDequeue(out Place place))
        {
            CodeLine line = code[place.At];
            var left = new Place(0, Math.Max(0, place.ToLoad - line.Loaded), Math.Max(0, place.ToStore - line.Stored), place.PassedBarrier || line.Opcode.StartsWith("BAR", StringComparison.Ordinal));
            if (line.IsExit && left is { ToLoad: 0, ToStore: 0, PassedBarrier: true })
                return Back(place, cameFrom, code);
            (int? taken, int? following) = path.Successors(place.At);
            foreach (int at in new[] { taken, following }.OfType<int>().Where(at => at < code.Count))
            {
                Place reached = left with { At = at };
                if (cameFrom.TryAdd(reached, place))
                    next.Enqueue(reached);
            }
        }
        throw new InvalidOperationException($"no path loads and stores {bytes} bytes");
    }

    private static List<CodeLine> Back(Place place, Dictionary<Place, Place> cameFrom, IReadOnlyList<CodeLine> code)
    {
        var lines = new List<CodeLine> { code[place.At] };
        for (; cameFrom[place] != place; place = cameFrom[place])
            lines.Add(code[cameFrom[place].At]);
        lines.Reverse();
        return lines;
    }

    private readonly record struct Place(int At, int ToLoad, int ToStore, bool PassedBarrier);

    private const int Unreachable = 1 << 20;

    private List<CodeLine> Walk(int missing)
    {
        var lines = new List<CodeLine>();
        for (int at = 0; ;)
        {
            CodeLine line = _code[at];
            lines.Add(line);
            missing = Math.Max(0, missing - line.Stored);
            (int? taken, int? next) = Successors(at);
            if (taken is null && next is null)
                return lines;
            int viaTaken = taken is { } t ? Length(t, missing) : Unreachable;
            int viaNext = next is { } n ? Length(n, missing) : Unreachable;
            if (line.IsExit && missing == 0)
                return lines;
            at = viaTaken < viaNext ? taken!.Value : next!.Value;
        }
    }

    private int Length(int at, int missing)
    {
        if (at >= _code.Count)
            return Unreachable;
        if (_lengths.TryGetValue((at, missing), out int known))
            return known;
        // A line that is being looked at already begins a loop: not taken twice.
        if (!_entered.Add(at))
            return Unreachable;
        CodeLine line = _code[at];
        int rest = Math.Max(0, missing - line.Stored);
        (int? taken, int? next) = Successors(at);
        int best = line.IsExit && rest == 0 ? 0 : Unreachable;
        if (taken is { } t)
            best = Math.Min(best, Length(t, rest));
        if (next is { } n)
            best = Math.Min(best, Length(n, rest));
        _entered.Remove(at);
        return _lengths[(at, missing)] = best + 1;
    }

    private (int? Taken, int? Next) Successors(int at)
    {
        CodeLine line = _code[at];
        int? next = (line.Target is not null || line.IsExit) && !line.IsConditional ? null : at + 1;
        int? taken = line.Target is { } label ? _labels[label] : null;
        return (taken, next);
    }
}
