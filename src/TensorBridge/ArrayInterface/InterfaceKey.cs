namespace TensorBridge.Protocols;

/// <summary>The keys that the array interfaces define.</summary>
internal enum InterfaceKey : byte
{
    /// <summary>Any other key; ignored.</summary>
    Unknown,

    /// <summary><c>shape</c></summary>
    Shape,

    /// <summary><c>typestr</c></summary>
    TypeString,

    /// <summary><c>data</c></summary>
    Data,

    /// <summary><c>strides</c></summary>
    Strides,

    /// <summary><c>descr</c></summary>
    Description,

    /// <summary><c>version</c></summary>
    Version,

    /// <summary><c>mask</c></summary>
    Mask,

    /// <summary><c>offset</c></summary>
    Offset,

    /// <summary><c>stream</c></summary>
    Stream,
}
