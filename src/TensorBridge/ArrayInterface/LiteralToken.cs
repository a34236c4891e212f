namespace TensorBridge.Protocols;

/// <summary>What <see cref="LiteralReader"/> has just read.</summary>
internal enum LiteralToken : byte
{
    /// <summary>The text is used up.</summary>
    End,

    /// <summary><c>{</c></summary>
    DictStart,

    /// <summary><c>}</c></summary>
    DictEnd,

    /// <summary><c>[</c></summary>
    ListStart,

    /// <summary><c>]</c></summary>
    ListEnd,

    /// <summary><c>(</c>: a tuple, or one value in parentheses; which one is known at its end.</summary>
    TupleStart,

    /// <summary><c>)</c> of a tuple.</summary>
    TupleEnd,

    /// <summary><c>)</c> after one value without a comma: no tuple in Python's grammar.</summary>
    GroupEnd,

    /// <summary>A string.</summary>
    String,

    /// <summary>A bytes literal, <c>b'…'</c>.</summary>
    Bytes,

    /// <summary>An integer of any size.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary><c>True</c> or <c>true</c>.</summary>
    True,

    /// <summary><c>False</c> or <c>false</c>.</summary>
    False,

    /// <summary><c>None</c> or <c>null</c>.</summary>
    None,

    /// <summary>The tag of a value of another type, <c>&lt;type 'module.Name'&gt;</c>.</summary>
    ForeignType,

    /// <summary>The tag of an object with <c>__index__</c>, <c>&lt;index 'module.Name' 12&gt;</c>.</summary>
    Index,

    /// <summary>The tag of a locked buffer, <c>&lt;buffer address length readonly&gt;</c>.</summary>
    Buffer,
}
