using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Stores one value, given by the host, word by word along an axis of any stride. The source view is not read.</summary>
/// <remarks>As many words a thread as <see cref="Steps"/> moves.</remarks>
internal static class FillSteps
{
    public static void Run<TWord, TPacker, TAxes>(ArrayView<TWord> source, ArrayView<TWord> destination, FillShape shape, TAxes rows)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TAxes : unmanaged, IAxes
    {
        int each = Steps.WordsEach(IlgpuInterop.SizeOf<TWord>());
        uint rest = shape.Rows.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Rows.Tiles.Divisor));
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.Rows.LanesLog2)) + (uint)(Group.IdxX >> shape.Rows.LanesLog2);
        if (row >= shape.Rows.Rows)
            return;
        int lanes = 1 << shape.Rows.LanesLog2;
        int at = ((tile * each) << shape.Rows.LanesLog2) + (Group.IdxX & (lanes - 1));
        int run = shape.Rows.Run;
        if (at >= run)
            return;
        long from = 0;
        long to = shape.Rows.DestinationStart;
        rows.Decode(row, ref from, ref to);
        TWord word = default(TPacker).First(shape.Pattern);
        to += (uint)at * shape.DestinationStep;
        if (at + ((each - 1) * lanes) < run)
        {
            Whole(destination.SubView(to), (uint)lanes * (uint)shape.DestinationStep, word, each);
            return;
        }
        for (long step = lanes * shape.DestinationStep; at < run; at += lanes, to += step)
            destination[to] = word;
    }

    private static void Whole<TWord>(ArrayView<TWord> destination, uint step, TWord word, int each)
        where TWord : unmanaged
    {
        Four<TWord> words;
        words.First = words.Second = words.Third = words.Fourth = word;
        FourSteps.Store(destination, step, words, out ArrayView<TWord> last);
        if (each >= 8)
            FourSteps.Store(last.SubView(step), step, words, out last);
        if (each >= 16)
        {
            FourSteps.Store(last.SubView(step), step, words, out last);
            FourSteps.Store(last.SubView(step), step, words, out last);
        }
        if (each >= 32)
        {
            FourSteps.Store(last.SubView(step), step, words, out last);
            FourSteps.Store(last.SubView(step), step, words, out last);
            FourSteps.Store(last.SubView(step), step, words, out last);
            FourSteps.Store(last.SubView(step), step, words, out _);
        }
    }
}
