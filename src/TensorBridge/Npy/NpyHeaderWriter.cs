using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TensorBridge.Protocols;

namespace TensorBridge;

/// <summary>Writes the header of a .npy file, byte for byte as NumPy does.</summary>
internal static class NpyHeaderWriter
{
    // NumPy leaves room to enter a longer first (Fortran order: last) axis in place.
    private const int GrowthDigits = 21;
    private const int Alignment = 64;

    /// <summary>The bytes from the magic to the data.</summary>
    /// <exception cref="TensorUnsupportedException">No descr can say the element type.</exception>
    public static byte[] Write(DType type, ReadOnlySpan<long> shape, Order order)
    {
        var text = new StringBuilder("{'descr': ");
        NpyText.Append(text, Describe(type));
        bool isFortran = order == Order.F;
        text.Append(CultureInfo.InvariantCulture, $", 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': {TensorText.Tuple(shape)}, }}");
        if (!shape.IsEmpty)
        {
            long growing = isFortran ? shape[^1] : shape[0];
            text.Append(' ', Math.Max(0, GrowthDigits - growing.ToString(CultureInfo.InvariantCulture).Length));
        }

        return Wrap(text.ToString());
    }

    /// <summary>The value of <c>descr</c>: a typestr, or a list of fields.</summary>
    private static object Describe(DType type)
    {
        CheckExpressible(type, $"{type}");
        return type.IsRecord ? RecordDescription.Write(type) : type.TypeString;
    }

    private static void CheckExpressible(DType type, string where)
    {
        if (type.IsPacked)
            throw new TensorUnsupportedException($"{where} packs elements into shared bytes, which no .npy file can say; cast to a type of whole bytes first");
        if (type.Kind == ElementKind.Complex && type.ItemSize == 4)
            throw new TensorUnsupportedException($"{where} is a complex number of two binary16, which NumPy does not know; cast to '<c8' first");
        if (!type.IsRecord)
            return;
        if (!RecordDescription.IsSequential(type))
            throw new TensorUnsupportedException($"{where} has fields that overlap or are out of order, which no descr can say; copy to a record with rising offsets first");
        foreach (RecordField field in type.Fields)
            CheckExpressible(field.Type, $"field '{field.Name}' of {type}");
    }

    private static byte[] Wrap(string text)
    {
        bool isLatin1 = text.All(c => c <= 0xFF);
        byte[] encoded = (isLatin1 ? Encoding.Latin1 : Encoding.UTF8).GetBytes(text);
        if (!isLatin1)
            return Wrap(encoded, 3);
        return Wrap(encoded, PaddedLength(encoded.Length, 1) <= ushort.MaxValue ? (byte)1 : (byte)2);
    }

    private static int PrefixLength(byte version) => NpyHeaderReader.Magic.Length + 2 + (version == 1 ? 2 : 4);

    // A newline ends the header; NumPy pads by 1 to 64 spaces, never by none.
    private static int PaddedLength(int text, byte version) =>
        text + 1 + Alignment - ((PrefixLength(version) + text + 1) % Alignment);

    private static byte[] Wrap(byte[] text, byte version)
    {
        int prefix = PrefixLength(version);
        int length = PaddedLength(text.Length, version);
        var header = new byte[prefix + length];
        NpyHeaderReader.Magic.CopyTo(header);
        header[6] = version;
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), (uint)length);
        text.CopyTo(header, prefix);
        header.AsSpan(prefix + text.Length).Fill((byte)' ');
        header[^1] = (byte)'\n';
        return header;
    }
}
