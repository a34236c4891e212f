using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Takes images with few channels apart: <c>destination[c * pitch + p] = source[p * channels + c]</c>, as from HWC to CHW.</summary>
/// <remarks>
/// <code>
/// source       R G B R G B R G B …    16-byte loads, up to 16 KiB of one image a block, into shared memory as they are
/// destination  R R R R …              each thread collects 4 bytes of one channel and stores them at once, four times a turn
///              G G G G …
/// </code>
/// With an odd number of channels no two threads of a warp meet in a bank. The last pixels of an image go one by one.
/// </remarks>
internal static class SplitChannels
{
    private const int Threads = 256;

    /// <summary>Bytes of a piece.</summary>
    public const int PieceBytes = 16 << 10;

    public static void Run<TWord, TUnit, TPacking, TAxes>(ArrayView<V16> source, ArrayView<TUnit> destination, ChannelsShape shape, TAxes batch)
        where TWord : unmanaged
        where TUnit : unmanaged
        where TPacking : unmanaged, IUnit<TWord, TUnit>
        where TAxes : unmanaged, IAxes
    {
        ArrayView<V16> piece = SharedMemory.Allocate1D<V16>(PieceBytes / 16);
        uint image = shape.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (image * shape.Tiles.Divisor));
        long from = shape.SourceStart + ((long)tile * shape.Vectors);
        long to = shape.DestinationStart + ((tile * shape.Step) >> default(TPacking).CountLog2);
        batch.Decode(image, ref from, ref to);
        int pixels = shape.Pixels - (tile * shape.Step);
        if (pixels < shape.Step)
        {
            Rest<TWord, TUnit, TPacking>(source.Cast<TWord>(), destination.Cast<TWord>(), from * (16 / IlgpuInterop.SizeOf<TWord>()), to << default(TPacking).CountLog2, shape, pixels);
            return;
        }
        Move(source.SubView(from), piece, shape.Vectors - 1);
        Group.Barrier();
        Store<TWord, TUnit, TPacking>(destination.SubView(to), piece.Cast<TWord>(), shape);
    }

    /// <summary>Four units of one channel at a time, one of each quarter, so that neighbouring threads store neighbouring units.</summary>
    private static void Store<TWord, TUnit, TPacking>(ArrayView<TUnit> destination, ArrayView<TWord> words, ChannelsShape shape)
        where TWord : unmanaged
        where TUnit : unmanaged
        where TPacking : unmanaged, IUnit<TWord, TUnit>
    {
        TPacking packing = default;
        uint channels = shape.Channels.Divisor;
        uint quarter = shape.Quarter.Divisor;
        // unit = i - channel * quarter is left unsaid: it only ever comes multiplied, and its factors are the same all the way.
        uint apart = (quarter << packing.CountLog2) * channels;
        uint pitch = shape.Pitch - quarter;
        ArrayView<TUnit> own = destination.SubView(Group.IdxX);
        for (uint i = (uint)Group.IdxX; i < channels * quarter; i += Threads)
        {
            uint channel = shape.Quarter.Divide(i);
            var at = (int)(((i << packing.CountLog2) * channels) + (channel * (1 - apart)));
            ArrayView<TUnit> first = own.SubView((i - (uint)Group.IdxX) + (channel * pitch));
            ArrayView<TUnit> second = first.SubView(quarter);
            ArrayView<TUnit> third = second.SubView(quarter);
            ArrayView<TUnit> fourth = third.SubView(quarter);
            int step = (int)apart;
            first[0] = packing.Take(words, at, (int)channels);
            second[0] = packing.Take(words, at + step, (int)channels);
            third[0] = packing.Take(words, at + (2 * step), (int)channels);
            fourth[0] = packing.Take(words, at + (3 * step), (int)channels);
        }
    }

    /// <summary>Four words a thread; those beyond the end repeat the last.</summary>
    internal static void Move(ArrayView<V16> source, ArrayView<V16> destination, int last)
    {
        int first = IntrinsicMath.Min(Group.IdxX, last);
        int second = IntrinsicMath.Min(Group.IdxX + Threads, last);
        int third = IntrinsicMath.Min(Group.IdxX + (2 * Threads), last);
        int fourth = IntrinsicMath.Min(Group.IdxX + (3 * Threads), last);
        V16 a = source[first];
        V16 b = source[second];
        V16 c = source[third];
        V16 d = source[fourth];
        destination[first] = a;
        destination[second] = b;
        destination[third] = c;
        destination[fourth] = d;
    }

    private static void Rest<TWord, TUnit, TPacking>(ArrayView<TWord> source, ArrayView<TWord> destination, long from, long to, ChannelsShape shape, int pixels)
        where TWord : unmanaged
        where TUnit : unmanaged
        where TPacking : unmanaged, IUnit<TWord, TUnit>
    {
        int channels = (int)shape.Channels.Divisor;
        for (int i = Group.IdxX; i < pixels * channels; i += Threads)
        {
            int pixel = (int)shape.Channels.Divide((uint)i);
            int channel = i - (pixel * channels);
            destination[to + (((uint)channel * (long)shape.Pitch) << default(TPacking).CountLog2) + pixel] = source[from + i];
        }
    }
}
