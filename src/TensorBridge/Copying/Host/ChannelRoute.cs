namespace TensorBridge.Copying.Host;

/// <summary>Where the registers of a block come from and go to.</summary>
internal struct ChannelRoute
{
    /// <summary>Which byte goes where.</summary>
    public ChannelTable Table;

    /// <summary>Registers in a block.</summary>
    public int Channels;

    /// <summary>Registers written: 1, or 0 for all of them.</summary>
    public int Outputs;

    /// <summary>Bytes from one register of a block to the next.</summary>
    public nint SourceStep;

    /// <summary>Bytes from one block to the next.</summary>
    public nint SourceAdvance;

    /// <inheritdoc cref="SourceStep"/>
    public nint DestinationStep;

    /// <inheritdoc cref="SourceAdvance"/>
    public nint DestinationAdvance;
}
