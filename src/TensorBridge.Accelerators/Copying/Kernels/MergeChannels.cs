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
        Load<TWord, TUnit, TPacking>(source.SubView(from), piece.Cast<TWord>(), shape);
        Group.Barrier();
        SplitChannels.Move(piece, destination.SubView(to), shape.Vectors - 1);
    }

    /// <summary>Four units of one channel at a time, one of each quarter, so that neighbouring threads load neighbouring units.</summary>
    private static void Load<TWord, TUnit, TPacking>(ArrayView<TUnit> source, ArrayView<TWord> words, ChannelsShape shape)
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
        ArrayView<TUnit> own = source.SubView(Group.IdxX);
        for (uint i = (uint)Group.IdxX; i < channels * quarter; i += Threads)
        {
            uint channel = shape.Quarter.Divide(i);
            var at = (int)(((i << packing.CountLog2) * channels) + (channel * (1 - apart)));
            ArrayView<TUnit> first = own.SubView((i - (uint)Group.IdxX) + (channel * pitch));
            ArrayView<TUnit> second = first.SubView(quarter);
            ArrayView<TUnit> third = second.SubView(quarter);
            TUnit a = first[0];
            TUnit b = second[0];
            TUnit c = third[0];
            TUnit d = third.SubView(quarter)[0];
            int step = (int)apart;
            packing.Put(a, words, at, (int)channels);
            packing.Put(b, words, at + step, (int)channels);
            packing.Put(c, words, at + (2 * step), (int)channels);
            packing.Put(d, words, at + (3 * step), (int)channels);
        }
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
            destination[to + i] = source[from + (((uint)channel * (long)shape.Pitch) << default(TPacking).CountLog2) + pixel];
        }
    }
}
