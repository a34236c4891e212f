namespace TensorBridge;

/// <summary>What one part of an index does.</summary>
public enum TensorIndexKind
{
    /// <summary>Picks one position; the axis goes away.</summary>
    Integer,

    /// <summary>Takes every n-th position from a start to an end.</summary>
    Slice,

    /// <summary>Stands for as many whole axes as the other parts leave.</summary>
    Ellipsis,

    /// <summary>Inserts an axis of length 1.</summary>
    NewAxis,

    /// <summary>Selects a field of a record in every element.</summary>
    Field,
}
