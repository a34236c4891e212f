namespace TensorBridge.Copying;

/// <summary>What happens to an item between load and store.</summary>
public enum CopyOpKind
{
    /// <summary>The bytes are kept.</summary>
    Copy,

    /// <summary>The bytes of every component (<see cref="CopyOp.SwapUnit"/> bytes) are reversed.</summary>
    ByteSwap,

    /// <summary>The value is converted to another element type.</summary>
    Cast,

    /// <summary>One item is stored everywhere; source strides are all zero.</summary>
    Fill,
}
