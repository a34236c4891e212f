using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>First stage of statistics: every thread walks through the elements with the stride of the grid and leaves its own results; ILGPU's
/// reductions join them.</summary>
internal static class Statistics
{
    /// <summary>Minimum, maximum, sum and count of numbers of each thread, one list after the other.</summary>
    public const int Lists = 4;

    public static void Run<TWord, TElement>(ArrayView<TWord> source, ArrayView<double> results, long count)
        where TWord : unmanaged
        where TElement : unmanaged, IElement<TWord>
    {
        TElement element = default;
        int thread = Grid.GlobalIndex.X;
        int threads = Grid.DimX * Group.DimX;
        double minimum = double.PositiveInfinity;
        double maximum = double.NegativeInfinity;
        double sum = 0;
        double numbers = 0;
        for (long i = thread; i < count; i += threads)
        {
            TWord word = source[i];
            double value = element.IsInteger ? Numbers.ToDouble(element.Integer(word), element.IsSigned) : element.IsSingle ? element.Single(word) : element.Real(word);
            // Comparisons with NaN are false on both sides.
            if (value >= 0 || value < 0)
            {
                minimum = value < minimum ? value : minimum;
                maximum = value > maximum ? value : maximum;
                sum += value;
                numbers += 1;
            }
        }
        results[thread] = minimum;
        results[threads + thread] = maximum;
        results[(2 * threads) + thread] = sum;
        results[(3 * threads) + thread] = numbers;
    }
}
