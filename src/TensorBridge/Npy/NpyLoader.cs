using TensorBridge.Copying;

namespace TensorBridge;

/// <summary>Reads the data of a .npy stream into memory.</summary>
internal static unsafe class NpyLoader
{
    private const int Piece = 8 << 20;

    /// <summary>Reads what the header announces.</summary>
    public static TensorHandle Load(Stream stream, NpyHeader header, string name)
    {
        long length = header.Layout.PayloadBytes;
        if (stream.CanSeek && stream.Length - stream.Position < length)
            throw TooShort(header, Math.Max(0, stream.Length - stream.Position), name);
        TensorHandle tensor = Allocate(header, name);
        try
        {
            // Fresh memory costs nothing until it is written, so a stream that lies about its length costs what it sends.
            for (long done = 0; done < length;)
            {
                var piece = new Span<byte>((byte*)tensor.Data + done, (int)Math.Min(Piece, length - done));
                int read = stream.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
                done += read;
                if (read < piece.Length)
                    throw TooShort(header, done, name);
            }

            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private static TensorHandle Allocate(NpyHeader header, string name)
    {
        try
        {
            return TensorAllocator.Shared.Allocate(header.DType, header.Layout);
        }
        catch (OutOfMemoryException)
        {
            throw new TensorUnsupportedException($"{name}: 'shape' {TensorText.Tuple(header.Layout.Shape)} of {header.DType} needs {header.Layout.PayloadBytes} bytes, more than there is memory; map the file with Npy.Open");
        }
    }

    private static TensorFormatException TooShort(NpyHeader header, long have, string name) =>
        new($"{name}: 'shape' {TensorText.Tuple(header.Layout.Shape)} of {header.DType} needs {header.Layout.PayloadBytes} bytes of data, but only {have} follow the header: the file is cut short");
}
