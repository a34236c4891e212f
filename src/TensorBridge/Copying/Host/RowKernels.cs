using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Kernels that write whole runs of the destination. Runs are in bytes; <c>stream</c> sends whole lines past the caches.</summary>
internal abstract unsafe class RowKernels
{
    /// <summary>Copies rows that are contiguous on both sides.</summary>
    public abstract void CopyRows(byte* destination, nint destinationPitch, byte* source, nint sourcePitch, nint bytes, nint rows, bool stream);

    /// <summary>Copies one row and permutes the bytes in every 16: a byte swap.</summary>
    public abstract void ShuffleRow(byte* destination, byte* source, nint bytes, int word, Vector128<byte> order, bool stream);

    /// <summary>Copies one row back to front. <paramref name="source"/> is its lowest address; <paramref name="order"/> reverses the words of 16 bytes (and their bytes, for a byte swap).</summary>
    public abstract void ReverseRow(byte* destination, byte* source, nint bytes, int word, Vector128<byte> order, bool stream);

    /// <summary>Fills each row with one word of the source, its bytes reversed if <paramref name="swap"/>.</summary>
    public abstract void FillRows(byte* destination, nint destinationPitch, byte* source, nint sourcePitch, int word, bool swap, nint bytes, nint rows, bool stream);

    /// <summary>Streams the aligned line that straddles two staged lines of each row, and makes the second the first. See <see cref="SkewedTile"/>.</summary>
    /// <param name="destination">Base of the rows: where the second staged line belongs.</param>
    /// <param name="rows">Byte offset of each row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="staging">Two lines for each row.</param>
    public abstract void WriteStraddling(byte* destination, nint* rows, nint count, byte* staging);
}
