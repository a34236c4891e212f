using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>The row kernels, in terms of the instruction set's line.</summary>
internal sealed unsafe class RowKernels<TLine> : RowKernels
    where TLine : unmanaged, ILine<TLine>
{
    /// <summary>From here on the C library's copy is at least as good as our loop, and knows the processor.</summary>
    private const nint BlockCopyBytes = 1 << 20;

    /// <summary>Shorter runs do not pay for their two partial lines when streamed.</summary>
    private const nint ShortestStream = 256;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void CopyRows(byte* destination, nint destinationPitch, byte* source, nint sourcePitch, nint bytes, nint rows, bool stream)
    {
        if (stream && bytes >= ShortestStream && destinationPitch == bytes && rows > 1 && ((bytes | (nint)destination) & 63) != 0)
        {
            StreamJoinedRows(destination, source, sourcePitch, bytes, rows);
        }
        else if (stream && bytes >= ShortestStream)
        {
            StreamRows(destination, destinationPitch, source, sourcePitch, bytes, rows);
        }
        else if (bytes >= BlockCopyBytes)
        {
            for (; rows > 0; rows--, destination += destinationPitch, source += sourcePitch)
                Buffer.MemoryCopy(source, destination, bytes, bytes);
        }
        else if (bytes >= 64)
        {
            for (; rows > 0; rows--, destination += destinationPitch, source += sourcePitch)
                CopyRow(destination, source, bytes);
        }
        else
        {
            CopyShortRows(destination, destinationPitch, source, sourcePitch, bytes, rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyShortRows(byte* destination, nint destinationPitch, byte* source, nint sourcePitch, nint bytes, nint rows)
    {
        if (bytes >= 32)
            ShortRun.CopyRows<Vector256<byte>>(destination, destinationPitch, source, sourcePitch, bytes, rows);
        else if (bytes >= 16)
            ShortRun.CopyRows<Vector128<byte>>(destination, destinationPitch, source, sourcePitch, bytes, rows);
        else if (bytes >= 8)
            ShortRun.CopyRows<ulong>(destination, destinationPitch, source, sourcePitch, bytes, rows);
        else if (bytes >= 4)
            ShortRun.CopyRows<uint>(destination, destinationPitch, source, sourcePitch, bytes, rows);
        else if (bytes >= 2)
            ShortRun.CopyRows<ushort>(destination, destinationPitch, source, sourcePitch, bytes, rows);
        else
            ShortRun.CopyRows<byte>(destination, destinationPitch, source, sourcePitch, bytes, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(byte* destination, byte* source, nint bytes)
    {
        nint i = 0;
        for (; i <= bytes - 256; i += 256)
        {
            TLine a = TLine.Load(source + i);
            TLine b = TLine.Load(source + i + 64);
            TLine c = TLine.Load(source + i + 128);
            TLine d = TLine.Load(source + i + 192);
            TLine.Store(a, destination + i);
            TLine.Store(b, destination + i + 64);
            TLine.Store(c, destination + i + 128);
            TLine.Store(d, destination + i + 192);
        }
        for (; i <= bytes - 64; i += 64)
            TLine.Store(TLine.Load(source + i), destination + i);
        nint rest = bytes - i;
        if (rest > 32)
            TLine.Store(TLine.Load(source + bytes - 64), destination + bytes - 64);
        else if (rest > 0)
            Vector256.Store(Vector256.Load(source + bytes - 32), destination + bytes - 32);
    }

    /// <summary>Streamed stores ask nothing of the order of the rows, so it is the source's: rows that lie the other way round in it are written from the last to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StreamRows(byte* destination, nint destinationPitch, byte* source, nint sourcePitch, nint bytes, nint rows)
    {
        if (sourcePitch < 0)
        {
            destination += (rows - 1) * destinationPitch;
            source += (rows - 1) * sourcePitch;
            destinationPitch = -destinationPitch;
            sourcePitch = -sourcePitch;
        }
        for (; rows > 0; rows--, destination += destinationPitch, source += sourcePitch)
            StreamRow(destination, source, bytes);
    }

    /// <summary>Partial lines at both ends go through the caches and never touch a streamed line: a line both streamed and stored costs twenty.</summary>
    /// <remarks>One load in the loop: unrolled, its loads are several streams to the prefetcher, which finds its way anew in every row (measured at 1 KiB rows: 0.83 against 1.43).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StreamRow(byte* destination, byte* source, nint bytes)
    {
        nint i = ShortRun.ToLine(destination);
        ShortRun.Copy(destination, source, i);
        for (; i <= bytes - 64; i += 64)
            TLine.Stream(TLine.Load(source + i), destination + i);
        ShortRun.Copy(destination + i, source + i, bytes - i);
    }

    /// <summary>Rows that follow each other without a gap in the destination: the end of one and the start of the next share a line, which leaves whole as well.</summary>
    /// <remarks>Asks for the next row while this one is copied: rows this short end before the prefetcher has begun (measured at rows of 1676 bytes: 0.83 without, 0.95 with).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StreamJoinedRows(byte* destination, byte* source, nint sourcePitch, nint bytes, nint rows)
    {
        byte* joined = stackalloc byte[64];
        nint open = 0;
        nint start = ShortRun.ToLine(destination);
        ShortRun.Copy(destination, source, start);
        destination += start;
        for (; rows > 0; rows--, source += sourcePitch)
        {
            nint i = start;
            start = 0;
            if (open > 0)
            {
                i = 64 - open;
                ShortRun.Copy(joined + open, source, i);
                TLine.Stream(TLine.Load(joined), destination);
                destination += 64;
            }
            byte* next = rows > 1 ? source + sourcePitch : source;
            for (; i <= bytes - 64; i += 64, destination += 64)
            {
                Prefetch.Line(next + i);
                TLine.Stream(TLine.Load(source + i), destination);
            }
            open = bytes - i;
            ShortRun.Copy(joined, source + i, open);
        }
        ShortRun.Copy(destination, joined, open);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ShuffleRow(byte* destination, byte* source, nint bytes, int word, Vector128<byte> order, bool stream)
    {
        TLine line = TLine.Repeat(order);
        nint i = 0;
        nint head = ShortRun.ToLine(destination);
        if (stream && bytes >= ShortestStream && head % word == 0)
        {
            ShufflePart(destination, source, head, line);
            for (i = head; i <= bytes - 64; i += 64)
                TLine.Stream(TLine.Shuffle(TLine.Load(source + i), line), destination + i);
        }
        for (; i <= bytes - 64; i += 64)
            TLine.Store(TLine.Shuffle(TLine.Load(source + i), line), destination + i);
        if (i < bytes)
            ShufflePart(destination + i, source + i, bytes - i, line);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShufflePart(byte* destination, byte* source, nint bytes, TLine order)
    {
        byte* part = stackalloc byte[64];
        ShortRun.Copy(part, source, bytes);
        TLine.Store(TLine.Shuffle(TLine.Load(part), order), part);
        ShortRun.Copy(destination, part, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ReverseRow(byte* destination, byte* source, nint bytes, int word, Vector128<byte> order, bool stream)
    {
        TLine line = TLine.Repeat(order);
        nint head = ShortRun.ToLine(destination);
        if (!stream || bytes < ShortestStream || head % word != 0)
        {
            ReverseCached(destination, source, bytes, line);
            return;
        }
        byte* end = source + bytes;
        ReversePart(destination, end - head, head, line);
        nint i = head;
        for (; i <= bytes - 64; i += 64)
            TLine.Stream(Reverse(end - i - 64, line), destination + i);
        if (i < bytes)
            ReversePart(destination + i, source, bytes - i, line);
    }

    /// <summary>Along the destination: beyond the second-level cache, waiting for lines to write to is dearer than waiting for lines to read (measured at 8 MiB: 0.86, along the source 0.67).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReverseCached(byte* destination, byte* source, nint bytes, TLine order)
    {
        nint left = bytes;
        for (; left >= 64; left -= 64, destination += 64)
            TLine.Store(Reverse(source + left - 64, order), destination);
        if (left > 0)
            ReversePart(destination, source, left, order);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLine Reverse(byte* source, TLine order) => TLine.ReverseLanes(TLine.Shuffle(TLine.Load(source), order));

    private static void ReversePart(byte* destination, byte* source, nint bytes, TLine order)
    {
        byte* part = stackalloc byte[64];
        ShortRun.Copy(part + 64 - bytes, source, bytes);
        TLine.Store(Reverse(part, order), part);
        ShortRun.Copy(destination, part, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void FillRows(byte* destination, nint destinationPitch, byte* source, nint sourcePitch, int word, bool swap, nint bytes, nint rows, bool stream)
    {
        for (; rows > 0; rows--, destination += destinationPitch, source += sourcePitch)
        {
            TLine line = TLine.Repeat(ByteOrders.Repeat(source, word, swap));
            if (stream && bytes >= ShortestStream)
                StreamFill(destination, bytes, line);
            else if (bytes >= 64)
                FillRow(destination, bytes, line);
            else
                FillPart(destination, bytes, line);
        }
    }

    /// <summary>The last line may overlap the one before: it starts at a whole word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillRow(byte* destination, nint bytes, TLine line)
    {
        for (nint i = 0; i < bytes - 64; i += 64)
            TLine.Store(line, destination + i);
        TLine.Store(line, destination + bytes - 64);
    }

    private static void FillPart(byte* destination, nint bytes, TLine line)
    {
        byte* part = stackalloc byte[64];
        TLine.Store(line, part);
        ShortRun.Copy(destination, part, bytes);
    }

    private static void StreamFill(byte* destination, nint bytes, TLine line)
    {
        byte* twice = stackalloc byte[128];
        TLine.Store(line, twice);
        TLine.Store(line, twice + 64);
        nint i = ShortRun.ToLine(destination);
        ShortRun.Copy(destination, twice, i);
        // The pattern goes on where the head stopped, at whatever byte that was.
        nint phase = i & 15;
        line = TLine.Load(twice + phase);
        for (; i <= bytes - 64; i += 64)
            TLine.Stream(line, destination + i);
        ShortRun.Copy(destination + i, twice + phase, bytes - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void WriteStraddling(byte* destination, nint* rows, nint count, byte* staging)
    {
        for (nint i = 0; i < count; i++, staging += 128)
        {
            byte* to = destination + rows[i];
            nint open = (nint)to & 63;
            TLine straddling = TLine.Load(staging + 64 - open);
            TLine current = TLine.Load(staging + 64);
            TLine.Stream(straddling, to - open);
            TLine.Store(current, staging);
        }
    }
}
