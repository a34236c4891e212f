namespace TensorBridge.Copying;

/// <summary>The family of kernels a <see cref="Plan"/> asks for. Host and device engines read the same names.</summary>
public enum CopyPath
{
    /// <summary>An extent is zero: there is nothing to move.</summary>
    Nothing,

    /// <summary>One run, unit stride on both sides.</summary>
    Contiguous,

    /// <summary>Axis 0 has unit stride on both sides and spans at least 512 bytes. An outer source stride may be zero (broadcast rows).</summary>
    Rows,

    /// <summary>As <see cref="Rows"/>, with runs shorter than 512 bytes.</summary>
    RowsPacked,

    /// <summary>Axis 0 is unit in the destination, <see cref="Plan.TileAxis"/> is unit in the source: a 2-D transpose, batched over the other axes.</summary>
    Tile,

    /// <summary>As <see cref="Tile"/>, but axis 0 or the tile axis is shorter than 32 bytes (channels, small interleaves).</summary>
    TileN,

    /// <summary>Axis 0 is unit in the destination and no axis is unit in the source (a reversed or strided source).</summary>
    Pack,

    /// <summary>The mirror of <see cref="Pack"/>: <see cref="Plan.TileAxis"/> is unit in the source, no axis is unit in the destination.</summary>
    Unpack,

    /// <summary>No axis is unit on either side.</summary>
    Gather,

    /// <summary>Every source stride is zero: one word, stored everywhere.</summary>
    Fill,

    /// <summary>Axis 0 repeats one source word; outer axes of the source do move.</summary>
    Replicate,
}
