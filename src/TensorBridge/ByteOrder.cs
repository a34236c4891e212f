namespace TensorBridge;

/// <summary>The order of the bytes inside one component of an element.</summary>
public enum ByteOrder : byte
{
    /// <summary>The order does not matter: one-byte types, byte strings, opaque items and records (<c>|</c>).</summary>
    NotApplicable,

    /// <summary>Least significant byte first (<c>&lt;</c>), the order of every platform TensorBridge runs on.</summary>
    Little,

    /// <summary>Most significant byte first (<c>&gt;</c>). Views refuse it, copies swap it.</summary>
    Big,
}
