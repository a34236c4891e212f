namespace TensorBridge.Protocols;

/// <summary>The forms that the <c>data</c> key may take.</summary>
internal enum InterfaceData : byte
{
    /// <summary>The key is missing.</summary>
    Absent,

    /// <summary><c>None</c>: the exporting object's own buffer, which a dictionary alone does not know.</summary>
    None,

    /// <summary><c>(pointer, readonly)</c>.</summary>
    Pointer,

    /// <summary>An object with a buffer.</summary>
    Buffer,
}
