using System.Diagnostics;

namespace TensorBridge;

/// <summary>A descriptor and a claim on its memory: one count on the producer, given back exactly once.</summary>
/// <remarks>
/// Views made from a handle (slices, transposes, exports) hold counts of their own: disposing the handle they
/// came from does not end them. A handle that is never disposed gives its count back from its finalizer; if that
/// was the last one, the release runs on the thread pool, since it may wait for an interpreter's lock. Thread-safe.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class TensorHandle : IDisposable
{
    private readonly TensorDescriptor _descriptor;
    private TensorOwner? _owner;

    /// <summary>Takes a claim on memory.</summary>
    /// <param name="descriptor">What the memory is.</param>
    /// <param name="owner">An object to keep reachable while the handle or a view of it lives; may be null.</param>
    /// <param name="release">
    /// Gives the memory back; null when reachability of <paramref name="owner"/> is enough. Called exactly once, after the last
    /// view is gone, on the thread that drops it, or on the thread pool if nobody disposed it: it must not throw.
    /// </param>
    public TensorHandle(TensorDescriptor descriptor, object? owner = null, Action? release = null)
        : this(descriptor, new TensorOwner(owner, release, descriptor?.Data ?? 0))
    {
    }

    // Takes over one count that the caller holds on the owner.
    internal TensorHandle(TensorDescriptor descriptor, TensorOwner owner)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        _descriptor = descriptor;
        _owner = owner;
        TensorLedger.Add(this);
        if (!owner.HasRelease)
            GC.SuppressFinalize(this);
    }

    /// <summary>Gives the count back if nobody disposed the handle.</summary>
    ~TensorHandle() => Release(finalizing: true);

    /// <summary>What the memory is.</summary>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public TensorDescriptor Descriptor
    {
        get
        {
            ObjectDisposedException.ThrowIf(_owner is null, this);
            return _descriptor;
        }
    }

    /// <summary>True once <see cref="Dispose"/> has run.</summary>
    public bool IsDisposed => _owner is null;

    /// <summary>Address of element 0.</summary>
    public nuint Data => Descriptor.Data;

    /// <summary>The element type.</summary>
    public DType DType => Descriptor.DType;

    /// <summary>Shape and byte strides.</summary>
    public Layout Layout => Descriptor.Layout;

    /// <summary>Lengths of the axes.</summary>
    public ReadOnlySpan<long> Shape => Descriptor.Layout.Shape;

    /// <summary>Bytes between neighbours along each axis.</summary>
    public ReadOnlySpan<long> ByteStrides => Descriptor.Layout.ByteStrides;

    /// <summary>The number of axes.</summary>
    public int Rank => Descriptor.Layout.Rank;

    /// <summary>The number of elements.</summary>
    public long ElementCount => Descriptor.Layout.ElementCount;

    /// <summary>Where the memory lives.</summary>
    public Device Device => Descriptor.Device;

    /// <summary>True when writing is forbidden.</summary>
    public bool IsReadOnly => Descriptor.IsReadOnly;

    /// <summary>A second handle to the same memory, with a count of its own.</summary>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public TensorHandle Share() => View(_descriptor);

    /// <summary>A read-only handle to the same memory, with a count of its own.</summary>
    public TensorHandle AsReadOnly() => View(_descriptor.With(isReadOnly: true));

    /// <summary>Gives the claim back. Views and exports keep theirs. Further calls do nothing.</summary>
    public void Dispose()
    {
        Release(finalizing: false);
        GC.SuppressFinalize(this);
    }

    /// <summary>The descriptor in the form that errors use, or a note that the handle is disposed.</summary>
    public override string ToString() => _owner is null ? "tensor[disposed]" : _descriptor.ToString();

    /// <summary>A handle to part of this memory, seen as <paramref name="descriptor"/> says, with a count of its own.</summary>
    internal TensorHandle View(TensorDescriptor descriptor)
    {
        TensorOwner? owner = _owner;
        ObjectDisposedException.ThrowIf(owner is null || !owner.TryAddReference(), this);
        return new TensorHandle(descriptor, owner);
    }

    private void Release(bool finalizing)
    {
        TensorOwner? owner = Interlocked.Exchange(ref _owner, null);
        if (owner is null)
            return;
        TensorLedger.Remove(this);
        owner.RemoveReference(finalizing);
    }
}
