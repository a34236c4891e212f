namespace TensorBridge;

/// <summary>One part of an index: a position, a slice, an ellipsis, a new axis or a field name, as in NumPy's basic indexing.</summary>
/// <remarks>
/// Integers, <see cref="System.Index"/>, <see cref="Range"/> and field names convert implicitly: <c>handle[0, ^1, 2..5]</c>. Steps and open
/// ends come from <see cref="Slice"/> or, in Python's spelling, from <see cref="ParseAll"/>: <c>"::-1, ..., None, 'x'"</c>.
/// </remarks>
public readonly record struct TensorIndex
{
    private TensorIndex(TensorIndexKind kind, long? start = null, long? stop = null, long step = 1, string? name = null)
    {
        Kind = kind;
        Start = start;
        Stop = stop;
        Step = step;
        Name = name;
    }

    /// <summary>What the part does.</summary>
    public TensorIndexKind Kind { get; }

    /// <summary>The position of an integer, or the start of a slice; negative counts from the end; null is open.</summary>
    public long? Start { get; }

    /// <summary>The end of a slice, exclusive; negative counts from the end; null is open.</summary>
    public long? Stop { get; }

    /// <summary>The step of a slice; never 0.</summary>
    public long Step { get; }

    /// <summary>The name of a field.</summary>
    public string? Name { get; }

    /// <summary>As many whole axes as the other parts leave.</summary>
    public static TensorIndex Ellipsis => new(TensorIndexKind.Ellipsis);

    /// <summary>A new axis of length 1.</summary>
    public static TensorIndex NewAxis => new(TensorIndexKind.NewAxis);

    /// <summary>The whole axis.</summary>
    public static TensorIndex All => Slice();

    /// <summary>One position, whose axis goes away; negative counts from the end.</summary>
    public static TensorIndex At(long position) => new(TensorIndexKind.Integer, position);

    /// <summary>A slice with Python's rules: ends beyond the axis are cut, a negative step walks backwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is 0.</exception>
    public static TensorIndex Slice(long? start = null, long? stop = null, long step = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(step);
        return new TensorIndex(TensorIndexKind.Slice, start, stop, step);
    }

    /// <summary>A field of a record, in every element.</summary>
    public static TensorIndex Field(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new TensorIndex(TensorIndexKind.Field, name: name);
    }

    /// <summary>Reads an index in Python's spelling, without the outer brackets: <c>"1, ::-1, ..., None, 'x'"</c>.</summary>
    /// <exception cref="TensorFormatException">A part is none of the five kinds.</exception>
    public static TensorIndex[] ParseAll(string text) => TensorIndexText.Parse(text);

    /// <summary>A position.</summary>
    public static implicit operator TensorIndex(int position) => At(position);

    /// <summary>A position.</summary>
    public static implicit operator TensorIndex(long position) => At(position);

    /// <summary>A position, counted from the end for <c>^1</c>.</summary>
    public static implicit operator TensorIndex(Index position) => position.IsFromEnd && position.Value == 0
        ? throw new ArgumentOutOfRangeException(nameof(position), "^0 lies behind the last element")
        : At(position.IsFromEnd ? -position.Value : position.Value);

    /// <summary>A slice with step 1.</summary>
    public static implicit operator TensorIndex(Range range) => Slice(Bound(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : Bound(range.End));

    /// <summary>A field.</summary>
    public static implicit operator TensorIndex(string name) => Field(name);

    /// <summary>The part in Python's spelling.</summary>
    public override string ToString() => Kind switch
    {
        TensorIndexKind.Integer => $"{Start}",
        TensorIndexKind.Slice => Step == 1 ? $"{Start}:{Stop}" : $"{Start}:{Stop}:{Step}",
        TensorIndexKind.Ellipsis => "...",
        TensorIndexKind.NewAxis => "None",
        _ => $"'{Name}'",
    };

    private static long? Bound(Index index) => !index.IsFromEnd ? index.Value : index.Value == 0 ? long.MaxValue : -index.Value;
}
