namespace TensorBridge.Copying.Host;

/// <summary>A vector register seen as 16-byte lanes: what a register transpose needs. One implementation per instruction set.</summary>
internal unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>16-byte lanes in a register: 1, 2 or 4.</summary>
    static abstract int Count { get; }

    /// <summary>Loads lane k from <c>source + rows[k * step]</c>.</summary>
    static abstract TSelf Load(byte* source, nint* rows, int step);

    /// <summary>Stores all lanes side by side.</summary>
    static abstract void Store(TSelf lanes, byte* destination);

    /// <summary>Stores all lanes past the caches. The destination is aligned to the register; only registers of a whole line may stream.</summary>
    static abstract void Stream(TSelf lanes, byte* destination);

    /// <summary>Interleaves the low halves of each lane, word by word.</summary>
    static abstract TSelf Low8(TSelf a, TSelf b);

    /// <summary>Interleaves the high halves of each lane, word by word.</summary>
    static abstract TSelf High8(TSelf a, TSelf b);

    /// <inheritdoc cref="Low8"/>
    static abstract TSelf Low16(TSelf a, TSelf b);

    /// <inheritdoc cref="High8"/>
    static abstract TSelf High16(TSelf a, TSelf b);

    /// <inheritdoc cref="Low8"/>
    static abstract TSelf Low32(TSelf a, TSelf b);

    /// <inheritdoc cref="High8"/>
    static abstract TSelf High32(TSelf a, TSelf b);

    /// <inheritdoc cref="Low8"/>
    static abstract TSelf Low64(TSelf a, TSelf b);

    /// <inheritdoc cref="High8"/>
    static abstract TSelf High64(TSelf a, TSelf b);
}
