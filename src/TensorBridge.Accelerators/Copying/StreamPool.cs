using System.Numerics;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Device memory that comes back in stream order: what one piece of work gives back, the next on the same stream may have at once.</summary>
/// <remarks>
/// Blocks come in four sizes per power of two, so at most a fifth of a block is waste, and are kept apart by stream: within one stream the order
/// of the work makes reuse safe, between streams it would need events. What is kept is bounded; the rest goes back to the driver.
/// </remarks>
internal sealed class StreamPool(Accelerator accelerator) : IDisposable
{
    private const long SmallestBlock = 512;
    private const long LargestKept = 2L << 30;

    private readonly Lock _lock = new();
    private readonly Dictionary<(AcceleratorStream Stream, long Size), Stack<MemoryBuffer>> _free = [];
    private long _kept;
    private bool _disposed;

    /// <summary>Bytes kept for reuse.</summary>
    public long KeptBytes => Volatile.Read(ref _kept);

    /// <summary>Memory for at least <paramref name="bytes"/> bytes, for work on <paramref name="stream"/>.</summary>
    /// <exception cref="TensorDeviceException">The device has no memory left, even after giving back what is kept.</exception>
    public MemoryBuffer Rent(long bytes, AcceleratorStream stream)
    {
        long size = BlockSize(bytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_free.TryGetValue((stream, size), out Stack<MemoryBuffer>? blocks) && blocks.TryPop(out MemoryBuffer? block))
            {
                _kept -= size;
                return block;
            }
        }
        return Allocate(size);
    }

    /// <summary>Gives a block back behind the work that <paramref name="stream"/> has been given so far.</summary>
    public void Return(MemoryBuffer block, AcceleratorStream stream)
    {
        lock (_lock)
        {
            if (!_disposed && _kept + block.LengthInBytes <= LargestKept)
            {
                _kept += block.LengthInBytes;
                if (!_free.TryGetValue((stream, block.LengthInBytes), out Stack<MemoryBuffer>? blocks))
                    _free[(stream, block.LengthInBytes)] = blocks = new Stack<MemoryBuffer>();
                blocks.Push(block);
                return;
            }
        }
        block.Dispose();
    }

    /// <summary>Gives all kept blocks back to the driver.</summary>
    public void Trim()
    {
        List<MemoryBuffer> all;
        lock (_lock)
        {
            all = [.. _free.Values.SelectMany(blocks => blocks)];
            _free.Clear();
            _kept = 0;
        }
        foreach (MemoryBuffer block in all)
            block.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        Trim();
    }

    /// <summary>The next of four sizes per power of two.</summary>
    internal static long BlockSize(long bytes)
    {
        if (bytes <= SmallestBlock)
            return SmallestBlock;
        long step = 1L << Math.Max(0, BitOperations.Log2((ulong)(bytes - 1)) - 2);
        return checked(bytes + step - 1) & -step;
    }

    private MemoryBuffer Allocate(long size)
    {
        try
        {
            return accelerator.AllocateRaw(size, 1);
        }
        catch (AcceleratorException)
        {
            Trim();
        }
        try
        {
            return accelerator.AllocateRaw(size, 1);
        }
        catch (AcceleratorException error)
        {
            throw new TensorDeviceException($"{accelerator.Name} has no {size} bytes left: {error.Message}; release tensors or work in pieces", error);
        }
    }
}
