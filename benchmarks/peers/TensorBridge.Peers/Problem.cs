using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using TensorBridge.Copying;
using TensorBridge.Copying.Host;

namespace TensorBridge.Peers;

/// <summary>One case with its memory, its contestants and the check of their results.</summary>
internal sealed unsafe class Problem : IDisposable
{
    private readonly Case _case;
    private readonly Options _options;
    private readonly Memory.Block _source;
    private readonly Memory.Block _destination;
    private readonly Memory.Block _plainSource;
    private readonly Memory.Block _plainDestination;
    private readonly List<Contestant> _contestants = [];
    private readonly TensorAllocator _allocator;
    private readonly long[] _sourceStrides;
    private readonly long[] _destinationStrides;

    public Problem(Case one, Options options)
    {
        (_case, _options) = (one, options);
        // As with malloc, small blocks are used again and large ones come fresh from the system; ours would be pooled too, which is the warm case.
        _allocator = one.Size == "L" ? new TensorAllocator(0) : TensorAllocator.Shared;
        _source = Memory.Allocate((nuint)(one.SourceItems * one.Item), options.HugePages, (nuint)options.Shift);
        _destination = Memory.Allocate((nuint)(one.DestinationItems * one.Item), options.HugePages, (nuint)options.Shift);
        _plainSource = Memory.Allocate((nuint)one.Bytes, options.HugePages);
        _plainDestination = Memory.Allocate((nuint)one.Bytes, options.HugePages);
        _sourceStrides = [.. one.SourceStrides.Select(stride => stride * one.Item)];
        _destinationStrides = [.. one.DestinationStrides.Select(stride => stride * one.Item)];
        FillSource();
        new Span<byte>(_plainSource.Address, (int)one.Bytes).Fill(1);
        new Span<byte>(_plainDestination.Address, (int)one.Bytes).Fill(2);
        new Span<byte>(_destination.Address, (int)(one.DestinationItems * one.Item)).Fill(3);
        AddContestants();
    }

    private byte* From => _source.Address + (_case.SourceOffset * _case.Item);

    private CopyOp Op => _case.Swap ? CopyOp.ByteSwap(_case.Item, _case.Item) : CopyOp.Copy(_case.Item);

    private void FillSource()
    {
        long bytes = _case.SourceItems * _case.Item;
        uint state = 12345;
        for (long i = 0; i < bytes; i++)
        {
            state = (state * 1664525) + 1013904223;
            _source.Address[i] = (byte)(state >> 24);
        }
    }

    private void AddContestants()
    {
        byte* plainFrom = _plainSource.Address;
        byte* plainTo = _plainDestination.Address;
        nuint bytes = (nuint)_case.Bytes;
        _contestants.Add(new Contestant("memcpy", 1, fresh: false, () => Memory.Copy(plainTo, plainFrom, bytes)));
        foreach (int threads in _options.Threads)
        {
            byte* to = _destination.Address;
            if (threads > 1 && _case.Size == "T")
                continue;
            _contestants.Add(new Contestant("TensorBridge", threads, fresh: false, () => Copy(to, threads)));
            if (_options.Fresh && _case.Size != "T")
                _contestants.Add(new Contestant("TensorBridge", threads, fresh: true, () => CopyFresh(threads)));
        }
        if (_options.TensorSpan && !_case.Swap && _case.Size is "S" or "M" && _case.SourceStrides.Min() >= 0)
            AddTensorSpan();
    }

    private void Copy(byte* to, int threads)
    {
        Plan plan = Planner.GetOrCreate(Op, _case.Shape, _sourceStrides, _destinationStrides);
        HostEngine.Execute(plan, From, to, threads);
    }

    private void CopyFresh(int threads)
    {
        using TensorHandle fresh = _allocator.Allocate(DType.UInt8, [_case.DestinationItems * _case.Item]);
        Copy((byte*)fresh.Descriptor.Data, threads);
    }

    private void AddTensorSpan()
    {
        Action? run = _case.Item switch
        {
            1 => () => TensorSpanCopy<byte>(),
            2 => () => TensorSpanCopy<ushort>(),
            4 => () => TensorSpanCopy<uint>(),
            8 => () => TensorSpanCopy<ulong>(),
            16 => () => TensorSpanCopy<UInt128>(),
            _ => null,
        };
        if (run is not null)
            _contestants.Add(new Contestant("TensorSpan", 1, fresh: false, run));
    }

    private void TensorSpanCopy<T>() where T : unmanaged
    {
        Span<nint> shape = stackalloc nint[_case.Shape.Length];
        Span<nint> sourceStrides = stackalloc nint[shape.Length];
        Span<nint> destinationStrides = stackalloc nint[shape.Length];
        for (int i = 0; i < shape.Length; i++)
            (shape[i], sourceStrides[i], destinationStrides[i]) = ((nint)_case.Shape[i], Stride(_case.SourceStrides, i), Stride(_case.DestinationStrides, i));
        var source = new ReadOnlyTensorSpan<T>((T*)From, (nint)(_case.SourceItems - _case.SourceOffset), shape, sourceStrides);
        var destination = new TensorSpan<T>((T*)_destination.Address, (nint)_case.DestinationItems, shape, destinationStrides);
        source.CopyTo(destination);
    }

    // TensorSpan wants stride 0 on axes of length 1.
    private nint Stride(long[] strides, int axis) => _case.Shape[axis] == 1 ? 0 : (nint)strides[axis];

    /// <summary>Rounds of every contestant in turn; the memory of each is warm from a call just before, for copies that caches could hold.</summary>
    public void Time()
    {
        Verify();
        WarmUp();
        long bytes = _case.Bytes;
        int rounds = Math.Max(3, (int)((bytes > 100e6 ? 7 : bytes > 1e6 ? 21 : 41) * _options.Effort));
        for (int round = 0; round < rounds; round++)
        {
            foreach (Contestant contestant in _contestants)
            {
                if (contestant.Name == "TensorSpan" && round >= 3)
                    continue;
                contestant.Seconds.Add(TimeOne(contestant, bytes));
            }
        }
    }

    /// <summary>Calls of nanoseconds are over before the runtime has compiled their callers for good, so they are repeated until it has.</summary>
    private void WarmUp()
    {
        if (_case.Size != "T")
            return;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < 400;)
        {
            foreach (Contestant contestant in _contestants)
                contestant.Run();
        }
    }

    private static double TimeOne(Contestant contestant, long bytes)
    {
        int calls = contestant.Fresh || contestant.Name == "TensorSpan" || bytes > 1_000_000 ? 1 : bytes > 100_000 ? 8 : 2000;
        if (!contestant.Fresh && bytes < 100_000_000)
            contestant.Run();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            contestant.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }

    private void Verify()
    {
        foreach (Contestant contestant in _contestants)
        {
            if (contestant.Name == "memcpy" || contestant.Fresh)
                continue;
            new Span<byte>(_destination.Address, (int)(_case.DestinationItems * _case.Item)).Fill(3);
            contestant.Run();
            if (!Matches(From, _destination.Address, 0))
                throw new InvalidOperationException($"{contestant.Name} x{contestant.Threads} is wrong on {_case.Name}/{_case.Size}");
        }
    }

    private bool Matches(byte* source, byte* destination, int axis)
    {
        if (axis < _case.Shape.Length)
        {
            for (long i = 0; i < _case.Shape[axis]; i++)
            {
                if (!Matches(source + (i * _sourceStrides[axis]), destination + (i * _destinationStrides[axis]), axis + 1))
                    return false;
            }
            return true;
        }
        for (int i = 0; i < _case.Item; i++)
        {
            if (destination[i] != source[_case.Swap ? _case.Item - 1 - i : i])
                return false;
        }
        return true;
    }

    public void Report(StreamWriter output)
    {
        double memcpy = _contestants[0].Median();
        var summary = new System.Text.StringBuilder();
        foreach (Contestant contestant in _contestants)
        {
            double seconds = contestant.Median();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"case": "{{_case.Name}}", "size": "{{_case.Size}}", "peer": "{{contestant.Name}}", "threads": {{contestant.Threads}}, "fresh": {{(contestant.Fresh ? "true" : "false")}}, "seconds": {{seconds:E4}}, "ratio": {{memcpy / seconds:F4}}, "target": {{_case.Target}}}"""));
            if (contestant.Name != "memcpy")
                summary.Append(CultureInfo.InvariantCulture, $" {contestant.Name[0..1]}{contestant.Name[6..7]}{contestant.Threads}{(contestant.Fresh ? "f" : "")}={memcpy / seconds:F2}");
        }
        output.Flush();
        double ours = _contestants[1].Median();
        string verdict = _case.Size == "T" ? $"{ours * 1e9:F0} ns (target {_case.Target:F0})" : (memcpy / ours) >= _case.Target ? "" : $"MISS {_case.Target:F2}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_case.Name,-36}{_case.Size}{summary}  memcpy={2 * _case.Bytes / memcpy / 1e9:F1}GB/s {verdict}"));
    }

    public void Dispose()
    {
        _source.Dispose();
        _destination.Dispose();
        _plainSource.Dispose();
        _plainDestination.Dispose();
    }
}
