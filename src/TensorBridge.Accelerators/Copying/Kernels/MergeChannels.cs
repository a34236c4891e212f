using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The mirror of <see cref="SplitChannels"/>: <c>destination[p * channels + c] = source[c * pitch + p]</c>, as from CHW to HWC.</summary>
/// <remarks>Units of at least 4 bytes are loaded, four at a time, spread in shared memory, and leave it as 16-byte words.</remarks>
internal static class MergeChannels
{
    private const int Threads = 256;

    public static void Run<TWord, TUnit, TPacking, TAxes>(ArrayView<TUnit> source, ArrayView<V16> destination, ChannelsShape shape, TAxes batch)
        where TWord : unmanaged
        where TUnit : unmanaged
        where TPacking : unmanaged, IUnit<TWord, TUnit>
        where TAxes : unmanaged, IAxes
    {
        ArrayView<V16> piece = SharedMemory.Allocate1D<V16>(SplitChannels.PieceBytes / 16);
        uint image = shape.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (image * shape.Tiles.Divisor));
        long from = shape.SourceStart + ((tile * shape.Step) >> default(TPacking).CountLog2);
        long to = shape.DestinationStart + ((long)tile * shape.Vectors);
        batch.Decode(image, ref from, ref to);
        int pixels = shape.Pixels - (tile * shape.Step);
        if (pixels < shape.Step)
        {
            Rest<TWord, TUnit, TPacking>(source.Cast<TWord>(), destination.Cast<TWord>(), from << default(TPacking).CountLog2, to * (16 / IlgpuInterop.SizeOf<TWord>()), shape, pixels);
            return;
        }
        Load<TWord, TUnit, TPacking>(source, piece.Cast<TWord>(), from, shape);
        Group.Barrier();
        for (int i = Group.IdxX; i < shape.Vectors; i += Threads)
            destination[to + i] = piece[i];
    }

    private static void Load<TWord, TUnit, TPacking>(ArrayView<TUnit> source, ArrayView<TWord> words, long from, ChannelsShape shape)
        where TWord : unmanaged
        where TUnit : unmanaged
        where TPacking : unmanaged, IUnit<TWord, TUnit>
    {
        int last = (int)(shape.Channels.Divisor * shape.Units.Divisor) - 1;
        for (int i = Group.IdxX; i <= last; i += 4 * Threads)
        {
            int second = IntrinsicMath.Min(i + Threads, last);
            int third = IntrinsicMath.Min(i + (2 * Threads), last);
            int fourth = IntrinsicMath.Min(i + (3 * Threads), last);
            TUnit a = source[from + SourceOf(i, shape)];
            TUnit b = source[from + SourceOf(second, shape)];
            TUnit c = source[from + SourceOf(third, shape)];
            TUnit d = source[from + SourceOf(fourth, shape)];
            Put<TWord, TUnit, TPacking>(a, words, i, shape);
            Put<TWord, TUnit, TPacking>(b, words, second, shape);
            Put<TWord, TUnit, TPacking>(c, words, third, shape);
            Put<TWord, TUnit, TPacking>(d, words, fourth, shape);
        }
    }

    private static long SourceOf(int index, ChannelsShape shape)
    {
        uint channel = shape.Units.Divide((uint)index);
        return (channel * shape.Pitch) + ((uint)index - (channel * shape.Units.Divisor));
    }

    private static void Put<TWord, TUnit, TPacking>(TUnit unit, ArrayView<TWord> words, int index, ChannelsShape shape)
        where TWord : unmanaged
        where TUnit : unmanaged
        where TPacking : unmanaged, IUnit<TWord, TUnit>
    {
        int channels = (int)shape.Channels.Divisor;
        int channel = (int)shape.Units.Divide((uint)index);
        int first = index - (channel * (int)shape.Units.Divisor);
        default(TPacking).Put(unit, words, ((first << default(TPacking).CountLog2) * channels) + channel, channels);
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
            destination[to + i] = source[from + ((channel * shape.Pitch) << default(TPacking).CountLog2) + pixel];
        }
    }
}
