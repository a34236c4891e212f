namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_error_kind</c>: Python's exception types, and three that depend on the situation.</summary>
internal enum RawErrorKind
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary><c>ValueError</c>.</summary>
    Value = 1,

    /// <summary><c>TypeError</c>.</summary>
    Type = 2,

    /// <summary><c>BufferError</c>.</summary>
    Buffer = 3,

    /// <summary><c>OverflowError</c>.</summary>
    Overflow = 4,

    /// <summary><c>IndexError</c>.</summary>
    Index = 5,

    /// <summary><c>RuntimeError</c>.</summary>
    Runtime = 6,

    /// <summary><c>MemoryError</c>.</summary>
    Memory = 7,

    /// <summary><c>KeyboardInterrupt</c>.</summary>
    KeyboardInterrupt = 8,

    /// <summary><c>NotImplementedError</c>.</summary>
    NotImplemented = 9,

    /// <summary><c>KeyError</c>.</summary>
    Key = 10,

    /// <summary><c>FileNotFoundError</c>.</summary>
    FileNotFound = 11,

    /// <summary><c>OSError</c>.</summary>
    OS = 12,

    /// <summary><c>AttributeError</c>.</summary>
    Attribute = 13,

    /// <summary><c>ImportError</c>.</summary>
    Import = 14,

    /// <summary><c>BufferError</c> in a protocol exchange, <c>TypeError</c> elsewhere.</summary>
    Unsupported = 15,

    /// <summary><c>BufferError</c> in a protocol exchange, <c>RuntimeError</c> elsewhere.</summary>
    Device = 16,

    /// <summary>Any other Python exception; the message starts with its name.</summary>
    Python = 17,
}
