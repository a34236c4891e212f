namespace TensorBridge.Copying;

/// <summary>What is done to each item on its way: kind, item sizes in bytes, and for casts the two element types and their byte orders.</summary>
/// <remarks>A value of 16 bytes, compared as two words: it is part of the key under which plans are cached.</remarks>
public readonly struct CopyOp : IEquatable<CopyOp>
{
    private readonly int _sourceSize;
    private readonly int _destinationSize;
    private readonly ulong _rest;

    private CopyOp(CopyOpKind kind, int sourceSize, int destinationSize, int swapUnit, ElementType source, ElementType destination, bool swapSource, bool swapDestination)
    {
        _sourceSize = sourceSize;
        _destinationSize = destinationSize;
        _rest = (byte)kind | ((ulong)(byte)swapUnit << 8) | ((ulong)source << 16) | ((ulong)destination << 24)
            | (swapSource ? 1UL << 32 : 0) | (swapDestination ? 1UL << 33 : 0);
    }

    /// <summary>What is done.</summary>
    public CopyOpKind Kind => (CopyOpKind)(byte)_rest;

    /// <summary>Bytes of one source item.</summary>
    public int SourceItemSize => _sourceSize;

    /// <summary>Bytes of one destination item; differs from <see cref="SourceItemSize"/> in casts only.</summary>
    public int DestinationItemSize => _destinationSize;

    /// <summary>Bytes of the component that a <see cref="CopyOpKind.ByteSwap"/> reverses (2, 4 or 8); 0 for other kinds.</summary>
    public int SwapUnit => (byte)(_rest >> 8);

    /// <summary>Element type read by a cast.</summary>
    public ElementType SourceType => (ElementType)(byte)(_rest >> 16);

    /// <summary>Element type written by a cast.</summary>
    public ElementType DestinationType => (ElementType)(byte)(_rest >> 24);

    /// <summary>True when a cast reads items of foreign byte order.</summary>
    public bool SwapSource => (_rest & (1UL << 32)) != 0;

    /// <summary>True when a cast writes items of foreign byte order.</summary>
    public bool SwapDestination => (_rest & (1UL << 33)) != 0;

    internal ulong Sizes => (uint)_sourceSize | ((ulong)(uint)_destinationSize << 32);

    internal ulong Bits => _rest;

    /// <summary>A plain copy of items of <paramref name="itemSize"/> bytes.</summary>
    public static CopyOp Copy(int itemSize) => new(CopyOpKind.Copy, itemSize, itemSize, 0, default, default, false, false);

    /// <summary>A fill with one item of <paramref name="itemSize"/> bytes; the source is that item.</summary>
    public static CopyOp Fill(int itemSize) => new(CopyOpKind.Fill, itemSize, itemSize, 0, default, default, false, false);

    /// <summary>A reversal of every <paramref name="unit"/> bytes (2, 4 or 8) in items of <paramref name="itemSize"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The unit is not 2, 4 or 8, or does not divide the item.</exception>
    public static CopyOp ByteSwap(int itemSize, int unit)
    {
        if (unit is not (2 or 4 or 8) || itemSize % unit != 0)
            throw new ArgumentOutOfRangeException(nameof(unit), unit, $"A byte swap needs a component of 2, 4 or 8 bytes that divides the item of {itemSize} bytes.");
        return new(CopyOpKind.ByteSwap, itemSize, itemSize, unit, default, default, false, false);
    }

    /// <summary>A conversion of value; <paramref name="swapSource"/> and <paramref name="swapDestination"/> mark sides in foreign byte order.</summary>
    public static CopyOp Cast(ElementType source, ElementType destination, bool swapSource = false, bool swapDestination = false) =>
        new(CopyOpKind.Cast, source.Size(), destination.Size(), 0, source, destination, swapSource, swapDestination);

    /// <inheritdoc/>
    public bool Equals(CopyOp other) => Sizes == other.Sizes && _rest == other._rest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CopyOp other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sizes, _rest);

    /// <summary>Compares two operations.</summary>
    public static bool operator ==(CopyOp left, CopyOp right) => left.Equals(right);

    /// <summary>Compares two operations.</summary>
    public static bool operator !=(CopyOp left, CopyOp right) => !left.Equals(right);

    /// <summary>For example <c>copy of 4-byte items</c> or <c>cast float64 (swapped) -> int32</c>.</summary>
    public override string ToString() => Kind switch
    {
        CopyOpKind.ByteSwap => $"byte swap of {SwapUnit}-byte components in {SourceItemSize}-byte items",
        CopyOpKind.Cast => $"cast {SourceType.Name()}{(SwapSource ? " (swapped)" : "")} -> {DestinationType.Name()}{(SwapDestination ? " (swapped)" : "")}",
        CopyOpKind.Fill => $"fill of {SourceItemSize}-byte items",
        _ => $"copy of {SourceItemSize}-byte items",
    };
}
