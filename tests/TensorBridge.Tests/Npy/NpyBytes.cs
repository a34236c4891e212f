using System.Buffers.Binary;
using System.Text;

namespace TensorBridge.Tests.NpyFiles;

/// <summary>Builds .npy files by hand, right and wrong ones.</summary>
internal static class NpyBytes
{
    /// <summary>A file of version 1 with this header text and so many bytes of data.</summary>
    public static byte[] Version1(string header, int dataLength = 0) => Make(1, Encoding.Latin1.GetBytes(header), dataLength);

    /// <summary>A file of any version.</summary>
    public static byte[] Make(byte version, byte[] header, int dataLength = 0, long? length = null)
    {
        int lengthBytes = version == 1 ? 2 : 4;
        var file = new byte[8 + lengthBytes + header.Length + dataLength];
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', version, 0]).CopyTo(file);
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)(length ?? header.Length));
        else
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), (uint)(length ?? header.Length));
        header.CopyTo(file, 8 + lengthBytes);
        for (int i = 0; i < dataLength; i++)
            file[8 + lengthBytes + header.Length + i] = (byte)i;
        return file;
    }
}
