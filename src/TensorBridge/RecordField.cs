using System.Collections.Immutable;

namespace TensorBridge;

/// <summary>One named field of a record type.</summary>
public sealed class RecordField : IEquatable<RecordField>
{
    /// <summary>Creates a field.</summary>
    /// <param name="name">The name; not empty (padding is a gap between offsets, not a field).</param>
    /// <param name="type">The type of one item of the field.</param>
    /// <param name="offset">Bytes from the start of the record to the field, not negative.</param>
    /// <param name="shape">The shape of a sub-array field, or empty for a plain one.</param>
    /// <param name="title">A second name, as <c>descr</c> can carry it.</param>
    public RecordField(string name, DType type, int offset, ImmutableArray<int> shape = default, string? title = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Name = name;
        Type = type;
        Offset = offset;
        Shape = shape.IsDefault ? [] : shape;
        Title = title;
        long size = type.ItemSize;
        foreach (int length in Shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            size = checked(size * length);
        }

        Size = checked((int)size);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>A second name, or null.</summary>
    public string? Title { get; }

    /// <summary>The type of one item of the field.</summary>
    public DType Type { get; }

    /// <summary>Bytes from the start of the record to the field.</summary>
    public int Offset { get; }

    /// <summary>The shape of a sub-array field in items, C order; empty for a plain field.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Bytes the field covers, all items of a sub-array together.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public bool Equals(RecordField? other) => other is not null
        && Name == other.Name && Title == other.Title && Offset == other.Offset
        && Type.Equals(other.Type) && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RecordField);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Offset, Shape.Length);
}
