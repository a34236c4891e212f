using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TensorBridge.Python.Operations;

/// <summary>Python values as elements: what assignment and <c>full</c> store. The converse of <see cref="PythonValue"/>.</summary>
internal static class ElementWriter
{
    /// <summary>Writes a value as one element, in the type's byte order.</summary>
    /// <param name="type">Any type but a record.</param>
    /// <param name="value">A value as <see cref="OperationValue"/> reads it.</param>
    /// <param name="item">Exactly the bytes of the element.</param>
    /// <exception cref="TensorFormatException">The value is none of that type, or too long for it.</exception>
    /// <exception cref="OverflowException">The number is out of the type's range.</exception>
    public static void Write(DType type, object? value, Span<byte> item)
    {
        switch (type.Kind)
        {
            case ElementKind.Boolean:
                item[0] = Truth(type, value) ? (byte)1 : (byte)0;
                break;
            case ElementKind.SignedInteger or ElementKind.UnsignedInteger:
                WriteInteger(type, ToInteger(type, value), item);
                break;
            case ElementKind.Float or ElementKind.BrainFloat:
                WriteFloat(type, ToDouble(type, value), item);
                break;
            case ElementKind.Complex:
                Complex number = value is Complex complex ? complex : ToDouble(type, value);
                WriteFloat(type, number.Real, item[..(item.Length / 2)]);
                WriteFloat(type, number.Imaginary, item[(item.Length / 2)..]);
                break;
            case ElementKind.DateTime or ElementKind.TimeDelta:
                BinaryPrimitives.WriteInt64LittleEndian(item, value switch { null => long.MinValue, long ticks => ticks, _ => throw Wrong(type, value) });
                break;
            case ElementKind.Bytes or ElementKind.Opaque:
                WriteBytes(type, value is string text && type.Kind == ElementKind.Bytes ? Encoding.ASCII.GetBytes(text) : value as byte[] ?? throw Wrong(type, value), item);
                break;
            case ElementKind.Text:
                WriteText(value as string ?? throw Wrong(type, value), item);
                break;
            default:
                throw new TensorUnsupportedException($"{type} is carried, not computed on: store its bytes through a view of type uint8");
        }

        if (!type.IsNativeOrder)
            Swap(item, type.SwapUnit);
    }

    /// <summary>The element type of a Python value, as NumPy infers it.</summary>
    /// <exception cref="TensorFormatException">The value has none.</exception>
    public static DType TypeOf(object? value) => value switch
    {
        bool => DType.Boolean,
        long => DType.Int64,
        BigInteger number when number >= 0 && number <= ulong.MaxValue => DType.UInt64,
        BigInteger number => throw new OverflowException($"{number} fits no integer type of 64 bits"),
        double => DType.Float64,
        Complex => DType.Complex128,
        string text => DType.Text(text.EnumerateRunes().Count()),
        byte[] bytes => DType.Bytes(bytes.Length),
        TensorHandle tensor => tensor.DType,
        _ => throw new TensorFormatException($"expected an array, a number, a str or bytes, got a {NameOf(value)}", isWrongType: true),
    };

    private static bool Truth(DType type, object? value) => value switch
    {
        bool flag => flag,
        long number => number != 0,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        Complex number => number != Complex.Zero,
        _ => throw Wrong(type, value),
    };

    private static BigInteger ToInteger(DType type, object? value)
    {
        BigInteger number = value switch
        {
            bool flag => flag ? 1 : 0,
            long integer => integer,
            BigInteger integer => integer,
            double real when double.IsFinite(real) => new BigInteger(real),
            double => throw new TensorFormatException($"NaN and infinity cannot be stored in elements of type {type}"),
            _ => throw Wrong(type, value),
        };
        int bits = 8 * type.ItemSize;
        BigInteger low = type.Kind == ElementKind.SignedInteger ? -(BigInteger.One << (bits - 1)) : 0;
        BigInteger high = (BigInteger.One << (type.Kind == ElementKind.SignedInteger ? bits - 1 : bits)) - 1;
        return number >= low && number <= high ? number : throw new OverflowException($"{number} is out of the range of {type}: {low} to {high}");
    }

    private static double ToDouble(DType type, object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        BigInteger number => double.IsFinite((double)number) ? (double)number : throw new OverflowException($"an integer is out of the range of {type}"),
        _ => throw Wrong(type, value),
    };

    private static void WriteInteger(DType type, BigInteger number, Span<byte> item)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Fill(number.Sign < 0 ? (byte)0xFF : (byte)0);
        number.TryWriteBytes(wide, out _, isUnsigned: type.Kind == ElementKind.UnsignedInteger);
        wide[..item.Length].CopyTo(item);
    }

    private static void WriteFloat(DType type, double number, Span<byte> item)
    {
        if (type.Kind == ElementKind.BrainFloat)
            BinaryPrimitives.WriteUInt16LittleEndian(item, Copying.Truncation.ToBFloat16((float)number));
        else if (item.Length == 2)
            BinaryPrimitives.WriteHalfLittleEndian(item, (Half)number);
        else if (item.Length == 4)
            BinaryPrimitives.WriteSingleLittleEndian(item, (float)number);
        else
            BinaryPrimitives.WriteDoubleLittleEndian(item, number);
    }

    // As in NumPy what is too long is cut, what is too short is followed by zeros.
    private static void WriteBytes(DType type, byte[] bytes, Span<byte> item)
    {
        if (type.Kind == ElementKind.Opaque && bytes.Length > item.Length)
            throw new TensorFormatException($"{bytes.Length} bytes do not fit an element of type {type}");
        item.Clear();
        bytes.AsSpan(0, Math.Min(bytes.Length, item.Length)).CopyTo(item);
    }

    private static void WriteText(string text, Span<byte> item)
    {
        item.Clear();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (item.Length < 4)
                return;
            BinaryPrimitives.WriteInt32LittleEndian(item, rune.Value);
            item = item[4..];
        }
    }

    private static void Swap(Span<byte> item, int unit)
    {
        for (int start = 0; start + unit <= item.Length; start += unit)
            item.Slice(start, unit).Reverse();
    }

    private static TensorFormatException Wrong(DType type, object? value) =>
        new($"a {NameOf(value)} cannot be stored in elements of type {type}", isWrongType: true);

    private static string NameOf(object? value) => value switch
    {
        null => "None",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        Complex => "complex number",
        string => "str",
        byte[] => "bytes object",
        object?[] => "tuple",
        List<object?> => "list",
        TensorHandle tensor => tensor.ToString(),
        _ => "value of that kind",
    };
}
