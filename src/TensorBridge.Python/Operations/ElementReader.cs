using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TensorBridge.Python.Operations;

/// <summary>Elements as Python values: bool, int, float, complex, bytes, str, tuples of fields. Dates are ticks of their unit.</summary>
internal static unsafe class ElementReader
{
    /// <summary>The element at an address in host memory.</summary>
    /// <exception cref="TensorUnsupportedException">The type has no Python value (8-bit floats and smaller).</exception>
    public static object Read(DType type, byte* at)
    {
        var item = new ReadOnlySpan<byte>(at, type.ItemSize);
        switch (type.Kind)
        {
            case ElementKind.Bytes:
                return item.TrimEnd((byte)0).ToArray();
            case ElementKind.Opaque:
                return item.ToArray();
            case ElementKind.Text:
                return ReadText(type, item);
            case ElementKind.Record:
                return ReadRecord(type, at);
        }

        Span<byte> native = stackalloc byte[16];
        native = native[..type.ItemSize];
        item.CopyTo(native);
        if (!type.IsNativeOrder)
            Swap(native, type.SwapUnit);
        return type.Kind switch
        {
            ElementKind.Boolean => native[0] != 0,
            ElementKind.SignedInteger or ElementKind.DateTime or ElementKind.TimeDelta => ReadSigned(native),
            ElementKind.UnsignedInteger => ReadUnsigned(native),
            ElementKind.Float => ReadFloat(native),
            ElementKind.BrainFloat => (double)BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(native) << 16),
            ElementKind.Complex => new Complex(ReadFloat(native[..(native.Length / 2)]), ReadFloat(native[(native.Length / 2)..])),
            _ => throw new TensorUnsupportedException($"{type} is carried, not computed on: its elements have no Python value; take tobytes()"),
        };
    }

    /// <summary>All elements in C order.</summary>
    public static List<object?> ReadAll(TensorDescriptor tensor)
    {
        Layout layout = tensor.Layout;
        var values = new List<object?>(checked((int)layout.ElementCount));
        if (layout.ElementCount > 0)
            ReadAxis(tensor, 0, (byte*)tensor.Data, values);
        return values;
    }

    private static void ReadAxis(TensorDescriptor tensor, int axis, byte* at, List<object?> values)
    {
        if (axis == tensor.Layout.Rank)
        {
            values.Add(Read(tensor.DType, at));
            return;
        }

        long stride = tensor.Layout.ByteStrides[axis];
        for (long i = 0; i < tensor.Shape[axis]; i++)
            ReadAxis(tensor, axis + 1, at + (i * stride), values);
    }

    private static object[] ReadRecord(DType type, byte* at)
    {
        var values = new object[type.Fields.Length];
        for (int i = 0; i < values.Length; i++)
        {
            RecordField field = type.Fields[i];
            values[i] = field.Shape.IsEmpty ? Read(field.Type, at + field.Offset) : ReadSubArray(field, 0, at + field.Offset, out _);
        }

        return values;
    }

    private static List<object> ReadSubArray(RecordField field, int axis, byte* at, out byte* end)
    {
        var values = new List<object>();
        end = at;
        for (int i = 0; i < field.Shape[axis]; i++)
        {
            if (axis == field.Shape.Length - 1)
            {
                values.Add(Read(field.Type, end));
                end += field.Type.ItemSize;
            }
            else
            {
                values.Add(ReadSubArray(field, axis + 1, end, out end));
            }
        }

        return values;
    }

    private static string ReadText(DType type, ReadOnlySpan<byte> item)
    {
        Encoding encoding = new UTF32Encoding(bigEndian: !type.IsNativeOrder, byteOrderMark: false, throwOnInvalidCharacters: false);
        return encoding.GetString(item).TrimEnd('\0');
    }

    private static long ReadSigned(ReadOnlySpan<byte> item) => item.Length switch
    {
        1 => (sbyte)item[0],
        2 => BinaryPrimitives.ReadInt16LittleEndian(item),
        4 => BinaryPrimitives.ReadInt32LittleEndian(item),
        _ => BinaryPrimitives.ReadInt64LittleEndian(item),
    };

    private static ulong ReadUnsigned(ReadOnlySpan<byte> item) => item.Length switch
    {
        1 => item[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(item),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(item),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(item),
    };

    private static double ReadFloat(ReadOnlySpan<byte> item) => item.Length switch
    {
        2 => (double)BinaryPrimitives.ReadHalfLittleEndian(item),
        4 => BinaryPrimitives.ReadSingleLittleEndian(item),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(item),
    };

    private static void Swap(Span<byte> item, int unit)
    {
        for (int start = 0; start < item.Length; start += unit)
            item.Slice(start, unit).Reverse();
    }
}
