using System.Text;

namespace TensorBridge;

/// <summary>Lays values out in NumPy's manner: brackets, aligned columns, lines of 75 characters, summarised edges.</summary>
internal sealed class TensorPrinter
{
    private const int LineWidth = 75;
    private const string Prefix = "tensor(";
    private const string Dots = "...";

    private readonly TensorCorners _corners;
    private readonly string[] _items;
    private readonly string _separator;
    private int _next;

    private TensorPrinter(TensorCorners corners, string[] items, string separator)
    {
        _corners = corners;
        _items = items;
        _separator = separator;
    }

    /// <summary>The text of a tensor; its values are left out when there is no reader or far too many of them.</summary>
    public static string Print(TensorDescriptor descriptor, TensorReader? reader)
    {
        string body = Body(descriptor, reader, new string(' ', Prefix.Length), ", ");
        var text = new StringBuilder(Prefix).Append(body).Append(',');
        string facts = Facts(descriptor);
        int lastLine = text.Length - (text.ToString().LastIndexOf('\n') + 1);
        bool fits = lastLine + facts.Length + 1 <= LineWidth;
        return text.Append(fits ? " " : "\n" + new string(' ', Prefix.Length)).Append(facts).ToString();
    }

    /// <summary>The values alone, as NumPy's <c>str</c> writes them: no commas, no type; one value bare of quotes.</summary>
    public static string PrintValues(TensorDescriptor descriptor, TensorReader? reader)
    {
        string body = Body(descriptor, reader, string.Empty, " ");
        bool isQuoted = descriptor.Layout.Rank == 0 && descriptor.DType.Kind is ElementKind.Text or ElementKind.DateTime;
        return isQuoted && body.Length > 1 && body[0] is '\'' or '"' ? body[1..^1] : body;
    }

    private static string Facts(TensorDescriptor descriptor)
    {
        var text = new StringBuilder();
        text.Append("shape=").Append(TensorText.Tuple(descriptor.Shape));
        text.Append(", dtype=").Append(DTypeText(descriptor.DType));
        text.Append(", device='").Append(descriptor.Device).Append('\'');
        if (descriptor.IsReadOnly)
            text.Append(", readonly=True");
        if (!descriptor.Layout.IsCContiguous)
            text.Append(", strides=").Append(TensorText.Tuple(descriptor.Layout.ByteStrides));
        return text.Append(')').ToString();
    }

    // Records show their fields, as NumPy does; everything else its name.
    private static string DTypeText(DType type) => type.IsRecord
        ? Protocols.LiteralText.Write(Protocols.RecordDescription.Write(type))
        : type.ToString();

    private static string Body(TensorDescriptor descriptor, TensorReader? reader, string indent, string separator)
    {
        if (descriptor.Layout.ElementCount == 0)
            return "[]";
        if (reader is null || descriptor.DType.IsPacked || TensorCorners.Read(descriptor, reader) is not { } corners)
            return Dots;
        object?[] values = new object?[corners.Shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
            values[i] = ElementReader.Read(corners.Item(i), descriptor.DType);
        Func<object?, string> format = ElementFormat.For(descriptor.DType, values, descriptor.Layout.Rank == 0);
        var printer = new TensorPrinter(corners, [.. values.Select(format)], separator);
        return printer.PrintAxis(0, indent, LineWidth - 1);
    }

    private string PrintAxis(int axis, string indent, int width)
    {
        if (axis == _corners.Shape.Length)
            return _items[_next++];
        indent += axis == 0 ? " " : string.Empty;
        string inner = axis == _corners.Shape.Length - 1 ? PrintRow(axis, indent, width) : PrintRows(axis, indent, width);
        return "[" + inner[indent.Length..] + "]";
    }

    // The last axis: items side by side, wrapped at the line's end.
    private string PrintRow(int axis, string indent, int width)
    {
        int itemWidth = width - Math.Max(_separator.TrimEnd().Length, 1);
        var done = new StringBuilder();
        string line = indent;
        foreach ((string? item, bool isLast) in Entries(axis, _ => _items[_next++]))
        {
            string word = item ?? Dots;
            if (line.Length + word.Length > itemWidth && line.Length > indent.Length)
            {
                done.Append(line.TrimEnd()).Append('\n');
                line = indent;
            }

            line += isLast ? word : word + _separator;
        }

        return done.Append(line).ToString();
    }

    private string PrintRows(int axis, string indent, int width)
    {
        string lineEnd = _separator.TrimEnd() + new string('\n', _corners.Shape.Length - axis - 1);
        var text = new StringBuilder();
        foreach ((string? item, bool isLast) in Entries(axis, _ => PrintAxis(axis + 1, indent + " ", width - 1)))
            text.Append(indent).Append(item ?? Dots).Append(isLast ? string.Empty : lineEnd);
        return text.ToString();
    }

    // The shown positions of an axis in order, with null for the gap of a summarised one.
    private IEnumerable<(string? Item, bool IsLast)> Entries(int axis, Func<long, string> print)
    {
        long count = _corners.Shape[axis];
        for (long i = 0; i < count; i++)
        {
            if (i == _corners.Edge && _corners.IsSummarized(axis))
                yield return (null, false);
            yield return (print(i), i == count - 1);
        }
    }
}
