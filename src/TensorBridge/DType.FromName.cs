namespace TensorBridge;

public sealed partial class DType
{
    /// <summary>Reads any spelling that NumPy takes for a type: <c>float32</c>, <c>f4</c>, <c>&gt;f4</c>, <c>d</c>, <c>int</c>, <c>datetime64[ns]</c>, <c>U5</c>, <c>bfloat16</c>.</summary>
    /// <param name="name">
    /// A name as <see cref="Name"/> gives it, one of NumPy's aliases and one-letter codes, or a typestr with or without its
    /// byte order. A prefix <c>numpy.</c> or <c>torch.</c> is passed over.
    /// </param>
    /// <exception cref="TensorFormatException">No type has the name (<see cref="TensorFormatException.IsWrongType"/> is true).</exception>
    /// <exception cref="TensorUnsupportedException">The name means object pointers or long double.</exception>
    public static DType FromName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = name;
        foreach (string prefix in (ReadOnlySpan<string>)["numpy.", "torch."])
        {
            if (plain.StartsWith(prefix, StringComparison.Ordinal))
                plain = plain[prefix.Length..];
        }

        bool hasOrder = plain.Length > 0 && plain[0] is '<' or '>' or '=' or '|';
        string body = hasOrder ? plain[1..] : plain;
        ByteOrder order = hasOrder && plain[0] == '>' ? ByteOrder.Big : ByteOrder.Little;
        if (DTypeNames.ByName.TryGetValue(body, out DType? type))
            return order == ByteOrder.Big ? type.WithByteOrder(order) : type;
        string typestr = DTypeNames.Expand(body) ?? body;
        try
        {
            return Parse(hasOrder ? plain[0] + typestr : "=" + typestr);
        }
        catch (TensorFormatException error)
        {
            throw new TensorFormatException($"'{name}' names no element type; examples are float32, f4, >i8, bool, complex64, datetime64[ns], U5, bfloat16 ({error.Message})", isWrongType: true);
        }
    }
}
