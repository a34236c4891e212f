using System.Globalization;

namespace TensorBridge.Sharing;

/// <summary>
/// The text by which one process tells another where a tensor is: <c>kind|version|place|offset|typestr|shape|strides|r or w</c>.
/// </summary>
/// <param name="Kind">What the place is: <c>shm</c> a name of POSIX shared memory, <c>memfd</c> a path, <c>cuda</c> a driver's handle.</param>
/// <param name="Place">Where the memory is, in the words of the kind.</param>
/// <param name="Offset">Bytes from the begin of that memory to element 0.</param>
/// <param name="DType">The element type.</param>
/// <param name="Layout">Shape and byte strides.</param>
/// <param name="IsReadOnly">Whether writing is forbidden.</param>
internal sealed record TensorToken(string Kind, string Place, long Offset, DType DType, Layout Layout, bool IsReadOnly)
{
    private const string Version = "1";
    private const int Parts = 8;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="TensorFormatException">The text is no token of that kind, or describes an impossible tensor.</exception>
    public static TensorToken Parse(string text, params ReadOnlySpan<string> kinds)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('|');
        if (parts.Length != Parts || !kinds.Contains(parts[0]) || parts[1] != Version)
            throw new TensorFormatException($"'{text}' is no token of {string.Join(" or ", kinds.ToArray())}, version {Version}; pass the text that sharing gave, whole");
        DType type = DType.Parse(parts[4]);
        var layout = new Layout(Numbers(parts[5], text), Numbers(parts[6], text), type.ItemSize);
        return new TensorToken(parts[0], parts[2], Number(parts[3], text), type, layout, parts[7] == "r");
    }

    /// <summary>A token for a tensor.</summary>
    /// <exception cref="TensorUnsupportedException">The element type has no typestr that says all of it (records, types of DLPack).</exception>
    public static TensorToken Create(string kind, string place, long offset, TensorDescriptor tensor)
    {
        string typestr = tensor.DType.TypeString;
        if (!DType.Parse(typestr).Equals(tensor.DType))
            throw new TensorUnsupportedException($"{tensor.DType} cannot be named by a typestr, so another process would not know it; share it as Reinterpret(DType.Opaque({tensor.DType.ItemSize}))");
        return new TensorToken(kind, place, offset, tensor.DType, tensor.Layout, tensor.IsReadOnly);
    }

    /// <summary>The token as text.</summary>
    public override string ToString() => string.Join(
        '|',
        Kind,
        Version,
        Place,
        Offset.ToString(CultureInfo.InvariantCulture),
        DType.TypeString.Replace('|', '='),
        Text(Layout.Shape),
        Text(Layout.ByteStrides),
        IsReadOnly ? "r" : "w");

    private static string Text(ReadOnlySpan<long> numbers)
    {
        var texts = new string[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
            texts[i] = numbers[i].ToString(CultureInfo.InvariantCulture);
        return string.Join(',', texts);
    }

    private static long[] Numbers(string text, string token) =>
        text.Length == 0 ? [] : [.. text.Split(',').Select(number => Number(number, token))];

    private static long Number(string text, string token) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new TensorFormatException($"'{text}' in the token '{token}' is no number");
}
