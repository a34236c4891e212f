using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>
/// Page-locked chunks between pageable or strided host memory and dense device memory. While one chunk travels, the
/// host packs the next; a chunk is used again when the event behind its transfer has come.
/// </summary>
internal sealed unsafe class StagingRing(int chunkBytes, int chunks, EventPool events)
{
    private readonly Lock _gate = new();
    private readonly nint[] _busy = new nint[chunks];
    private nuint _memory;
    private int _next;

    /// <summary>Host to device. On return the source has been read; the transfer goes on in the stream.</summary>
    public void Send(TensorDescriptor source, TensorDescriptor target, nint stream)
    {
        CopyGeometry geometry = CopyGeometry.Create(source, target, CopySide.Target, chunkBytes);
        lock (_gate)
            Guarded(stream, () =>
            {
                int cut = CopyBlock.CutAxis(geometry, chunkBytes);
                foreach (CopyBlock block in CopyBlock.Walk(geometry, CopySide.Source, chunkBytes, cut))
                {
                    nuint chunk = Acquire(out int slot);
                    Move(geometry, CopySide.Source, block, cut, chunk, pack: true);
                    DriverCopies.Copy(geometry.Target + (nuint)block.DenseOffset, chunk, (nuint)block.Bytes, stream).ThrowIfFailed("cuMemcpyAsync", $"{block.Bytes} bytes to 0x{geometry.Target + (nuint)block.DenseOffset:x}");
                    Mark(slot, stream);
                }
            });
    }

    /// <summary>Device to host. On return the target is written.</summary>
    public void Receive(TensorDescriptor source, TensorDescriptor target, nint stream)
    {
        CopyGeometry geometry = CopyGeometry.Create(source, target, CopySide.Source, chunkBytes);
        lock (_gate)
            Guarded(stream, () =>
            {
                int cut = CopyBlock.CutAxis(geometry, chunkBytes);
                var flight = new Queue<(CopyBlock Block, nuint Chunk, int Slot)>();
                foreach (CopyBlock block in CopyBlock.Walk(geometry, CopySide.Target, chunkBytes, cut))
                {
                    if (flight.Count == _busy.Length)
                        Land(geometry, cut, flight.Dequeue());
                    nuint chunk = Acquire(out int slot);
                    DriverCopies.Copy(chunk, geometry.Source + (nuint)block.DenseOffset, (nuint)block.Bytes, stream).ThrowIfFailed("cuMemcpyAsync", $"{block.Bytes} bytes from 0x{geometry.Source + (nuint)block.DenseOffset:x}");
                    Mark(slot, stream);
                    flight.Enqueue((block, chunk, slot));
                }

                while (flight.TryDequeue(out (CopyBlock, nuint, int) last))
                    Land(geometry, cut, last);
            });
    }

    /// <summary>Gives the chunks back. All work has been waited for.</summary>
    public void Free()
    {
        foreach (ref nint @event in _busy.AsSpan())
        {
            if (@event != 0)
                events.Return(@event);
            @event = 0;
        }

        nuint memory = _memory;
        _memory = 0;
        if (memory != 0)
            DriverMemory.FreeHost(memory);
    }

    private void Land(CopyGeometry geometry, int cut, (CopyBlock Block, nuint Chunk, int Slot) arrived)
    {
        WaitFor(arrived.Slot);
        Move(geometry, CopySide.Target, arrived.Block, cut, arrived.Chunk, pack: false);
    }

    // After an error chunks may be in flight without an event: only a drained stream makes them free again.
    private static void Guarded(nint stream, Action work)
    {
        try
        {
            work();
        }
        catch
        {
            DriverStreams.Synchronize(stream);
            throw;
        }
    }

    private nuint Acquire(out int slot)
    {
        if (_memory == 0)
        {
            nuint size = (nuint)chunkBytes * (nuint)_busy.Length;
            DriverMemory.AllocateHost(out _memory, size, DriverMemory.Portable).ThrowIfFailed("cuMemHostAlloc", $"{size} bytes for the staging ring");
        }

        slot = _next;
        _next = (_next + 1) % _busy.Length;
        WaitFor(slot);
        return _memory + ((nuint)slot * (nuint)chunkBytes);
    }

    private void Mark(int slot, nint stream)
    {
        nint @event = events.Rent();
        CudaResult result = DriverStreams.RecordEvent(@event, stream);
        if (result != CudaResult.Success)
            events.Return(@event);
        result.ThrowIfFailed("cuEventRecord", $"stream 0x{stream:x}");
        _busy[slot] = @event;
    }

    private void WaitFor(int slot)
    {
        nint @event = _busy[slot];
        if (@event == 0)
            return;
        _busy[slot] = 0;
        CudaResult result = DriverStreams.SynchronizeEvent(@event);
        events.Return(@event);
        result.ThrowIfFailed("cuEventSynchronize");
    }

    // The host engine packs and unpacks: one block as a tensor of words.
    private static void Move(CopyGeometry geometry, CopySide strided, CopyBlock block, int cut, nuint chunk, bool pack)
    {
        DType word = WordType(geometry.WordSize);
        int rank = geometry.Axes.Count - cut;
        var shape = new long[rank];
        var strides = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            CopyGeometry.Axis axis = geometry.Axes[cut + i];
            shape[i] = i == 0 ? block.Length : axis.Length;
            strides[i] = axis.Stride(strided);
        }

        nuint start = strided == CopySide.Source ? geometry.Source : geometry.Target;
        var host = new TensorDescriptor(unchecked(start + (nuint)block.StridedOffset), word, new Layout(shape, strides, word.ItemSize), Device.Cpu);
        var dense = new TensorDescriptor(chunk, word, Layout.Contiguous(shape, word.ItemSize), Device.Cpu);
        if (pack)
            HostCopy.Run(host, dense, CopyOptions.Default);
        else
            HostCopy.Run(dense, host, CopyOptions.Default);
    }

    private static DType WordType(int size) => size switch
    {
        1 => DType.UInt8,
        2 => DType.UInt16,
        4 => DType.UInt32,
        8 => DType.UInt64,
        _ => DType.Opaque(16),
    };
}
