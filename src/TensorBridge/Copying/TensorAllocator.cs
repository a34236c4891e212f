using System.Runtime.InteropServices;

namespace TensorBridge.Copying;

/// <summary>Makes the outputs of copies: 64-byte aligned, on huge pages from 2 MiB up, and taken from a bounded pool of blocks used before.</summary>
/// <remarks>A large fresh block costs several times the copy into it, all of it in page faults; a pooled one costs nothing. Thread-safe.</remarks>
public sealed class TensorAllocator
{
    private const int Alignment = 64;
    private const int SmallestPooled = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<NativeBlock> _pool = new();
    private long _limit;
    private long _pooled;

    /// <summary>Creates an allocator with a pool of its own.</summary>
    /// <param name="maxPooledBytes">Most bytes kept for reuse; 0 for none.</param>
    public TensorAllocator(long maxPooledBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxPooledBytes);
        _limit = maxPooledBytes;
    }

    /// <summary>The allocator behind every output that TensorBridge makes. Keeps at most a sixteenth of the machine's memory, 1 GiB at the most.</summary>
    public static TensorAllocator Shared { get; } = new(Math.Min(1L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16));

    /// <summary>Most bytes kept for reuse. Lowering it frees what is too much.</summary>
    public long MaxPooledBytes
    {
        get => Volatile.Read(ref _limit);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Volatile.Write(ref _limit, value);
            Trim(value);
        }
    }

    /// <summary>Bytes that lie ready for reuse now.</summary>
    public long PooledBytes
    {
        get
        {
            lock (_lock)
                return _pooled;
        }
    }

    /// <summary>A tensor in host memory; its contents are undefined unless <paramref name="zero"/> is set.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="order"><see cref="Order.C"/> or <see cref="Order.F"/>.</param>
    /// <param name="zero">True to clear the memory.</param>
    /// <exception cref="OutOfMemoryException">The machine does not give that much.</exception>
    public TensorHandle Allocate(DType type, ReadOnlySpan<long> shape, Order order = Order.C, bool zero = false)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Allocate(type, Layout.Contiguous(shape, type.ItemSize, order), zero);
    }

    internal unsafe TensorHandle Allocate(DType type, Layout layout, bool zero = false)
    {
        long bytes = Math.Max(1, layout.PayloadBytes);
        NativeBlock block = Rent(bytes);
        if (zero && !block.IsZero)
            NativeMemory.Clear((void*)block.Address, (nuint)bytes);
        return new TensorHandle(new TensorDescriptor((nuint)block.Address, type, layout, Device.Cpu), null, () => Return(block));
    }

    /// <summary>Frees pooled blocks, the longest unused first, until at most <paramref name="keepBytes"/> remain.</summary>
    public void Trim(long keepBytes = 0)
    {
        while (true)
        {
            NativeBlock block;
            lock (_lock)
            {
                if (_pooled <= keepBytes || _pool.First is null)
                    return;
                block = _pool.First.Value;
                _pool.RemoveFirst();
                _pooled -= block.Size;
            }
            block.Free();
        }
    }

    /// <summary>The smallest pooled block that fits without wasting more than a quarter, else a new one.</summary>
    private NativeBlock Rent(long bytes)
    {
        long size = RoundUp(bytes);
        LinkedListNode<NativeBlock>? best = null;
        lock (_lock)
        {
            for (LinkedListNode<NativeBlock>? node = _pool.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Size >= size && node.Value.Size <= size + (size / 4) && (best is null || node.Value.Size < best.Value.Size))
                    best = node;
                if (best?.Value.Size == size)
                    break;
            }
            if (best is not null)
            {
                _pool.Remove(best);
                _pooled -= best.Value.Size;
                return best.Value.AsUsed();
            }
        }
        return NativeBlock.Allocate(size, Alignment);
    }

    private void Return(NativeBlock block)
    {
        if (block.Size < SmallestPooled || block.Size > MaxPooledBytes)
        {
            block.Free();
            return;
        }
        lock (_lock)
        {
            _pool.AddLast(block);
            _pooled += block.Size;
        }
        Trim(MaxPooledBytes);
    }

    /// <summary>Whole lines for small blocks; from 64 KiB up an eighth of the next power of two, so that similar sizes share blocks.</summary>
    private static long RoundUp(long bytes)
    {
        long step = bytes < SmallestPooled ? Alignment : 1L << Math.Max(12, System.Numerics.BitOperations.Log2((ulong)bytes) - 3);
        return checked(bytes + step - 1) / step * step;
    }
}
