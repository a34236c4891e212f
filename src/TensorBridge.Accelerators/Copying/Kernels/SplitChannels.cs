using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Takes images with few channels apart: <c>destination[c * pitch + p] = source[p * channels + c]</c>, as from HWC to CHW.</summary>
/// <remarks>
/// <code>
/// source       R G B R G B R G B …    16-byte loads, up to 16 KiB of one image a block, into shared memory as they are
/// destination  R R R R …              each thread collects 4 bytes of one channel and stores them at once
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
        Load(source, piece, from, shape.Vectors - 1);
        Group.Barrier();
        ArrayView<TWord> words = piece.Cast<TWord>();
        int channels = (int)shape.Channels.Divisor;
        int units = (int)shape.Units.Divisor;
        for (int i = Group.IdxX; i < channels * units; i += Threads)
        {
            int channel = (int)shape.Units.Divide((uint)i);
            int unit = i - (channel * units);
            destination[to + (channel * shape.Pitch) + unit] = default(TPacking).Take(words, ((unit << default(TPacking).CountLog2) * channels) + channel, channels);
        }
    }

    /// <summary>Four words a thread; those beyond the end repeat the last.</summary>
    private static void Load(ArrayView<V16> source, ArrayView<V16> piece, long from, int last)
    {
        int thread = Group.IdxX;
        V16 a = source[from + IntrinsicMath.Min(thread, last)];
        V16 b = source[from + IntrinsicMath.Min(thread + Threads, last)];
        V16 c = source[from + IntrinsicMath.Min(thread + (2 * Threads), last)];
        V16 d = source[from + IntrinsicMath.Min(thread + (3 * Threads), last)];
        piece[IntrinsicMath.Min(thread, last)] = a;
        piece[IntrinsicMath.Min(thread + Threads, last)] = b;
        piece[IntrinsicMath.Min(thread + (2 * Threads), last)] = c;
        piece[IntrinsicMath.Min(thread + (3 * Threads), last)] = d;
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
            destination[to + ((channel * shape.Pitch) << default(TPacking).CountLog2) + pixel] = source[from + i];
        }
    }
}
