namespace TensorBridge.Copying.Host;

/// <summary>The register transpose at the heart of a tile: <see cref="Columns"/> words of <see cref="Rows"/> source rows become that many destination rows.</summary>
/// <remarks>
/// <code>
/// source row q at source + sourceRows[q], its words p side by side        destination row p at destination + destinationRows[p], its words q side by side
/// </code>
/// </remarks>
internal unsafe interface ITransposeStep
{
    /// <summary>Words read from each source row: 16 bytes' worth.</summary>
    static abstract int Columns { get; }

    /// <summary>Source rows read: as many words as a register holds.</summary>
    static abstract int Rows { get; }

    /// <summary>Bytes of a word.</summary>
    static abstract int WordSize { get; }

    /// <summary>Transposes one step.</summary>
    static abstract void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows);
}
