using System.Globalization;
using System.Numerics;

namespace TensorBridge;

/// <summary>Chooses how the values of one tensor are written so that they line up, by NumPy's rules.</summary>
internal static class ElementFormat
{
    /// <summary>A function from an element, as <see cref="ElementReader"/> gives it, to its text.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="values">All values that will be printed; they decide the width.</param>
    /// <param name="isScalar">True for a tensor without axes, which needs no alignment.</param>
    public static Func<object?, string> For(DType type, IReadOnlyList<object?> values, bool isScalar)
    {
        switch (type.Kind)
        {
            case ElementKind.Boolean:
                return value => (bool)value! ? isScalar ? "True" : " True" : "False";
            case ElementKind.SignedInteger or ElementKind.UnsignedInteger:
                return Padded(values, value => ((IFormattable)value!).ToString(null, CultureInfo.InvariantCulture));
            case ElementKind.Float or ElementKind.BrainFloat:
                var column = new FloatColumn(values.Select(value => ElementReader.ToDouble(value!)), WidthOf(type), showPlus: false);
                return value => column.Format(ElementReader.ToDouble(value!));
            case ElementKind.Complex:
                return ForComplex(type, values);
            case ElementKind.DateTime:
                return ForTimes(values, ticks => $"'{DateTimeText.Format(ticks, type.Unit)}'");
            case ElementKind.TimeDelta:
                return ForTimes(values, ticks => ticks.ToString(CultureInfo.InvariantCulture));
            case ElementKind.Bytes:
                return value => PythonRepr.Of((byte[])value!);
            case ElementKind.Text:
                return value => PythonRepr.Of((string)value!);
            case ElementKind.Record:
                return ForRecord(type, values);
            case ElementKind.Opaque:
                // NumPy writes every byte of an opaque item in capitals.
                return value => "b'" + string.Concat(((byte[])value!).Select(b => $"\\x{b:X2}")) + "'";
            default:
                return value => "0x" + Convert.ToHexStringLower((byte[])value!);
        }
    }

    private static int WidthOf(DType type) => type.Kind == ElementKind.BrainFloat ? 4 : type.Kind == ElementKind.Complex ? type.ItemSize / 2 : type.ItemSize;

    private static Func<object?, string> Padded(IReadOnlyList<object?> values, Func<object?, string> text)
    {
        int width = values.Count == 0 ? 0 : values.Max(value => text(value).Length);
        return value => text(value).PadLeft(width);
    }

    private static Func<object?, string> ForComplex(DType type, IReadOnlyList<object?> values)
    {
        var real = new FloatColumn(values.Select(value => ((Complex)value!).Real), WidthOf(type), showPlus: false);
        var imaginary = new FloatColumn(values.Select(value => ((Complex)value!).Imaginary), WidthOf(type), showPlus: true);
        return value =>
        {
            string text = imaginary.Format(((Complex)value!).Imaginary);
            int end = text.TrimEnd().Length;
            return real.Format(((Complex)value).Real) + text[..end] + "j" + text[end..];
        };
    }

    private static Func<object?, string> ForTimes(IReadOnlyList<object?> values, Func<long, string> text) =>
        Padded(values, value => (long)value! == long.MinValue ? "'NaT'" : text((long)value));

    private static Func<object?, string> ForRecord(DType type, IReadOnlyList<object?> values)
    {
        Func<object?, string>[] formats = [.. type.Fields.Select((field, i) => ForField(field, [.. values.Select(value => ((object?[])value!)[i])]))];
        return value =>
        {
            object?[] fields = (object?[])value!;
            string inner = string.Join(", ", fields.Select((field, i) => formats[i](field)));
            return fields.Length == 1 ? $"({inner},)" : $"({inner})";
        };
    }

    private static Func<object?, string> ForField(RecordField field, IReadOnlyList<object?> values)
    {
        if (field.Shape.IsEmpty)
            return For(field.Type, values, isScalar: false);
        Func<object?, string> item = For(field.Type, [.. values.SelectMany(value => Leaves(value, field.Shape.Length))], isScalar: false);
        return value => Nested(value, field.Shape.Length, item);
    }

    private static IEnumerable<object?> Leaves(object? value, int depth) =>
        depth == 0 ? [value] : ((object?[])value!).SelectMany(inner => Leaves(inner, depth - 1));

    private static string Nested(object? value, int depth, Func<object?, string> item) => depth == 0
        ? item(value)
        : "[" + string.Join(", ", ((object?[])value!).Select(inner => Nested(inner, depth - 1, item))) + "]";
}
