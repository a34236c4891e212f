namespace TensorBridge;

/// <summary>What the header of a .npy file says: format version, element type, shape, order, and where the data begins.</summary>
/// <remarks>
/// <code>
/// \x93NUMPY  major  minor  length (2 or 4 bytes, little-endian)  {'descr': …, 'fortran_order': …, 'shape': …, }  padding  \n  data
/// |--------------------------------------- DataOffset, a multiple of 64 where NumPy wrote the file -----------------------| |-- Layout.PayloadBytes
/// </code>
/// The source of the rules is NumPy's enhancement proposal 1 and <c>numpy.lib.format</c>.
/// </remarks>
public sealed class NpyHeader
{
    internal NpyHeader(int version, DType type, Layout layout, Order order, long dataOffset)
    {
        Version = version;
        DType = type;
        Layout = layout;
        Order = order;
        DataOffset = dataOffset;
    }

    /// <summary>The major version of the format: 1, 2 (long headers) or 3 (UTF-8). The minor version is always 0.</summary>
    public int Version { get; }

    /// <summary>The element type, byte order included.</summary>
    public DType DType { get; }

    /// <summary>Shape and byte strides of the data, dense.</summary>
    public Layout Layout { get; }

    /// <summary><see cref="Order.F"/> where the file says <c>fortran_order: True</c>, else <see cref="Order.C"/>.</summary>
    public Order Order { get; }

    /// <summary>Bytes from the start of the file to element 0.</summary>
    public long DataOffset { get; }

    /// <summary>Bytes the file must have at least.</summary>
    /// <exception cref="OverflowException">They are more than 2^63-1.</exception>
    public long FileLength => checked(DataOffset + Layout.PayloadBytes);

    /// <summary>Reads a header; the stream then stands at the first byte of the data.</summary>
    /// <param name="stream">A stream at the start of a .npy file. It need not be seekable.</param>
    /// <exception cref="TensorFormatException">The stream is no .npy file, is cut short, or the header is malformed; the message names the key.</exception>
    /// <exception cref="TensorUnsupportedException">The format version is unknown, or the elements are Python objects.</exception>
    /// <exception cref="OverflowException">A length is beyond 64 bits, or all of them together are.</exception>
    public static NpyHeader Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return NpyHeaderReader.Read(stream, "the stream");
    }

    /// <summary>Reads the header of a file.</summary>
    /// <inheritdoc cref="Read(Stream)"/>
    public static NpyHeader Read(string path)
    {
        using FileStream file = NpyFile.OpenExisting(path, FileAccess.Read);
        return NpyHeaderReader.Read(file, NpyFile.Name(path));
    }
}
