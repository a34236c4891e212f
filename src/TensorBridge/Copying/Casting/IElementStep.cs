namespace TensorBridge.Copying;

/// <summary>One elementary conversion: a vector block, and one item for what is left over.</summary>
internal unsafe interface IElementStep
{
    /// <summary>Items that <see cref="Block"/> converts.</summary>
    static abstract int BlockItems { get; }

    /// <summary>Bytes of an item that is read.</summary>
    static abstract int SourceSize { get; }

    /// <summary>Bytes of an item that is written.</summary>
    static abstract int DestinationSize { get; }

    /// <summary>Converts <see cref="BlockItems"/> items; everything is loaded before anything is stored.</summary>
    static abstract void Block(byte* source, byte* destination);

    /// <summary>Converts one item.</summary>
    static abstract void One(byte* source, byte* destination);
}
