using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>Channels by the two-source byte permutes of AVX-512 VBMI: one to three permutes for each 64 bytes.</summary>
internal sealed unsafe class ChannelKernelsVbmi : ChannelKernels
{
    private readonly byte[]?[] _scatter = new byte[]?[(MaxChannels + 1) * 4];

    /// <summary>Blocks scattered line by line at a time.</summary>
    private const int ScatterBlocks = 32;

    protected override int RegisterBytes => 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Route(in ChannelRoute route, byte* destination, byte* source, nint blocks, bool stream)
    {
        fixed (byte* table = route.Table.Pairs(route.Channels))
        {
            if (stream)
                Route<StreamingStore>(route, table, destination, source, blocks);
            else
                Route<CachedStore>(route, table, destination, source, blocks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Route<TStore>(in ChannelRoute route, byte* table, byte* destination, byte* source, nint blocks)
        where TStore : struct, IStore
    {
        if (route.Outputs == 1)
            RouteOne<TStore>(route, table, destination, source, blocks);
        else if (route.Channels == 2)
            RouteTwo<TStore>(route, table, destination, source, blocks);
        else if (route.Channels == 3)
            RouteThree<TStore>(route, table, destination, source, blocks);
        else
            RouteFour<TStore>(route, table, destination, source, blocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RouteOne<TStore>(in ChannelRoute route, byte* table, byte* destination, byte* source, nint blocks)
        where TStore : struct, IStore
    {
        Vector512<byte> first = Vector512.Load(table);
        Vector512<byte> second = Vector512.Load(table + 64);
        int channels = route.Channels;
        for (nint advance = route.SourceAdvance; blocks > 0; blocks--, source += advance, destination += 64)
        {
            Vector512<byte> pair = Avx512Vbmi.PermuteVar64x8x2(Vector512.Load(source), first, Vector512.Load(source + 64));
            if (channels == 3)
                pair = Avx512Vbmi.PermuteVar64x8x2(pair, second, Vector512.Load(source + 128));
            else if (channels == 4)
                pair = Vector512.ConditionalSelect(second, Avx512Vbmi.PermuteVar64x8x2(Vector512.Load(source + 128), first, Vector512.Load(source + 192)), pair);
            TStore.Put(pair, destination);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RouteTwo<TStore>(in ChannelRoute route, byte* table, byte* destination, byte* source, nint blocks)
        where TStore : struct, IStore
    {
        (nint sourceStep, nint sourceAdvance, nint destinationStep, nint destinationAdvance) = (route.SourceStep, route.SourceAdvance, route.DestinationStep, route.DestinationAdvance);
        Vector512<byte> first0 = Vector512.Load(table);
        Vector512<byte> first1 = Vector512.Load(table + 128);
        for (; blocks > 0; blocks--, source += sourceAdvance, destination += destinationAdvance)
        {
            Vector512<byte> a = Vector512.Load(source);
            Vector512<byte> b = Vector512.Load(source + sourceStep);
            TStore.Put(Avx512Vbmi.PermuteVar64x8x2(a, first0, b), destination);
            TStore.Put(Avx512Vbmi.PermuteVar64x8x2(a, first1, b), destination + destinationStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RouteThree<TStore>(in ChannelRoute route, byte* table, byte* destination, byte* source, nint blocks)
        where TStore : struct, IStore
    {
        (nint sourceStep, nint sourceAdvance, nint destinationStep, nint destinationAdvance) = (route.SourceStep, route.SourceAdvance, route.DestinationStep, route.DestinationAdvance);
        Vector512<byte> first0 = Vector512.Load(table);
        Vector512<byte> second0 = Vector512.Load(table + 64);
        Vector512<byte> first1 = Vector512.Load(table + 128);
        Vector512<byte> second1 = Vector512.Load(table + 192);
        Vector512<byte> first2 = Vector512.Load(table + 256);
        Vector512<byte> second2 = Vector512.Load(table + 320);
        for (; blocks > 0; blocks--, source += sourceAdvance, destination += destinationAdvance)
        {
            Vector512<byte> a = Vector512.Load(source);
            Vector512<byte> b = Vector512.Load(source + sourceStep);
            Vector512<byte> c = Vector512.Load(source + (2 * sourceStep));
            TStore.Put(Avx512Vbmi.PermuteVar64x8x2(Avx512Vbmi.PermuteVar64x8x2(a, first0, b), second0, c), destination);
            TStore.Put(Avx512Vbmi.PermuteVar64x8x2(Avx512Vbmi.PermuteVar64x8x2(a, first1, b), second1, c), destination + destinationStep);
            TStore.Put(Avx512Vbmi.PermuteVar64x8x2(Avx512Vbmi.PermuteVar64x8x2(a, first2, b), second2, c), destination + (2 * destinationStep));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RouteFour<TStore>(in ChannelRoute route, byte* table, byte* destination, byte* source, nint blocks)
        where TStore : struct, IStore
    {
        (nint sourceStep, nint sourceAdvance, nint destinationStep, nint destinationAdvance) = (route.SourceStep, route.SourceAdvance, route.DestinationStep, route.DestinationAdvance);
        Vector512<byte> first0 = Vector512.Load(table);
        Vector512<byte> second0 = Vector512.Load(table + 64);
        Vector512<byte> first1 = Vector512.Load(table + 128);
        Vector512<byte> second1 = Vector512.Load(table + 192);
        Vector512<byte> first2 = Vector512.Load(table + 256);
        Vector512<byte> second2 = Vector512.Load(table + 320);
        Vector512<byte> first3 = Vector512.Load(table + 384);
        Vector512<byte> second3 = Vector512.Load(table + 448);
        for (; blocks > 0; blocks--, source += sourceAdvance, destination += destinationAdvance)
        {
            Vector512<byte> a = Vector512.Load(source);
            Vector512<byte> b = Vector512.Load(source + sourceStep);
            Vector512<byte> c = Vector512.Load(source + (2 * sourceStep));
            Vector512<byte> d = Vector512.Load(source + (3 * sourceStep));
            TStore.Put(OfFour(a, b, c, d, first0, second0), destination);
            TStore.Put(OfFour(a, b, c, d, first1, second1), destination + destinationStep);
            TStore.Put(OfFour(a, b, c, d, first2, second2), destination + (2 * destinationStep));
            TStore.Put(OfFour(a, b, c, d, first3, second3), destination + (3 * destinationStep));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> OfFour(Vector512<byte> a, Vector512<byte> b, Vector512<byte> c, Vector512<byte> d, Vector512<byte> first, Vector512<byte> second) =>
        Vector512.ConditionalSelect(second, Avx512Vbmi.PermuteVar64x8x2(c, first, d), Avx512Vbmi.PermuteVar64x8x2(a, first, b));

    /// <summary>Blocks are done line by line, so that the route and mask of a line stay in registers; as many at a time as stay in the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Scatter(byte* destination, int step, byte* source, nint count, int word)
    {
        nint block = 64 / word;
        // The last line of a block is masked, yet keep its address inside the destination.
        nint blocks = (count - 1) / block;
        fixed (byte* table = ScatterTable(step, word))
        {
            for (nint done = 0; done < blocks; done += ScatterBlocks)
            {
                nint some = nint.Min(ScatterBlocks, blocks - done);
                for (int line = 0; line < step; line++)
                    ScatterLines(destination + (((done * step) + line) * 64), step * 64, source + (done * 64), some, word, table + (line * 128));
            }
        }
        nint whole = blocks * block;
        WordLoop.Copy(word, destination + (whole * step * word), step * word, source + (whole * word), word, count - whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScatterLines(byte* destination, nint pitch, byte* source, nint blocks, int word, byte* table)
    {
        Vector512<byte> route = Vector512.Load(table);
        Vector512<byte> mask = Vector512.Load(table + 64);
        if (word == 4)
        {
            for (; blocks > 0; blocks--, source += 64, destination += pitch)
                Avx512F.MaskStore((uint*)destination, mask.AsUInt32(), Avx512Vbmi.PermuteVar64x8(Vector512.Load(source), route).AsUInt32());
        }
        else if (word == 8)
        {
            for (; blocks > 0; blocks--, source += 64, destination += pitch)
                Avx512F.MaskStore((ulong*)destination, mask.AsUInt64(), Avx512Vbmi.PermuteVar64x8(Vector512.Load(source), route).AsUInt64());
        }
        else
        {
            for (; blocks > 0; blocks--, source += 64, destination += pitch)
                Avx512BW.MaskStore(destination, mask, Avx512Vbmi.PermuteVar64x8(Vector512.Load(source), route));
        }
    }

    /// <summary>For each of the lines a register is spread over: the byte for each place, then 0xFF where a place is written.</summary>
    private byte[] ScatterTable(int step, int word)
    {
        ref byte[]? table = ref _scatter[(step * 4) + BitOperations.Log2((uint)word)];
        if (table is not null)
            return table;
        var made = new byte[step * 128];
        for (int place = 0; place < step * 64; place++)
        {
            int item = place / word;
            int at = (place / 64 * 128) + (place % 64);
            made[at] = (byte)((item / step * word) + (place % word));
            made[at + 64] = (byte)(item % step == 0 ? 0xFF : 0);
        }
        return table = made;
    }
}
