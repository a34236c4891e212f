using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Compares dense elements pair by pair; every thread that finds a pair which does not match stores a 1 in the same place.</summary>
/// <remarks>No atomic operation is needed: all writers write the same.</remarks>
internal static class Compare
{
    /// <summary>Numbers within tolerances; with both 0, equal numbers.</summary>
    public static void Numbers(ArrayView<double> left, ArrayView<double> right, ArrayView<int> found, long count, Tolerances tolerances)
    {
        for (long i = Grid.GlobalIndex.X; i < count; i += Grid.DimX * Group.DimX)
        {
            double a = left[i];
            double b = right[i];
            if (!IsClose(a, b, Magnitude(a - b), Magnitude(b), tolerances))
                found[0] = 1;
        }
    }

    /// <summary>Complex numbers, as pairs of their parts.</summary>
    public static void ComplexNumbers(ArrayView<double> left, ArrayView<double> right, ArrayView<int> found, long count, Tolerances tolerances)
    {
        for (long i = Grid.GlobalIndex.X; i < count; i += Grid.DimX * Group.DimX)
        {
            double a = left[2 * i], ai = left[(2 * i) + 1];
            double b = right[2 * i], bi = right[(2 * i) + 1];
            bool isFinite = IsFinite(a) && IsFinite(ai) && IsFinite(b) && IsFinite(bi);
            bool isNaN = tolerances.EqualNaN != 0 && (IsNaN(a) || IsNaN(ai)) && (IsNaN(b) || IsNaN(bi));
            bool isClose = isFinite
                ? Length(a - b, ai - bi) <= tolerances.Absolute + (tolerances.Relative * Length(b, bi))
                : (a == b && ai == bi) || isNaN;
            if (!isClose)
                found[0] = 1;
        }
    }

    /// <summary>Integers of 64 bits: equal bits, and none from <paramref name="forbidden"/> on downwards, as signed numbers.</summary>
    /// <remarks>Where one side is unsigned, equal bits with the topmost set are different numbers; where they are dates, the least one is no date.</remarks>
    public static void Integers(ArrayView<long> left, ArrayView<long> right, ArrayView<int> found, long count, long forbidden)
    {
        for (long i = Grid.GlobalIndex.X; i < count; i += Grid.DimX * Group.DimX)
        {
            long a = left[i];
            if (a != right[i] || a < forbidden)
                found[0] = 1;
        }
    }

    /// <summary>Bytes.</summary>
    public static void Bytes(ArrayView<byte> left, ArrayView<byte> right, ArrayView<int> found, long count)
    {
        for (long i = Grid.GlobalIndex.X; i < count; i += Grid.DimX * Group.DimX)
        {
            if (left[i] != right[i])
                found[0] = 1;
        }
    }

    private static bool IsClose(double a, double b, double difference, double size, Tolerances tolerances) => IsFinite(a) && IsFinite(b)
        ? difference <= tolerances.Absolute + (tolerances.Relative * size)
        : a == b || (tolerances.EqualNaN != 0 && IsNaN(a) && IsNaN(b));

    private static bool IsFinite(double value) => value - value == 0;

    // Comparisons with NaN are false on both sides.
    private static bool IsNaN(double value) => !(value >= 0 || value < 0);

    private static double Magnitude(double value) => value < 0 ? -value : value;

    // Scaled by the greater part, so that the squares neither overflow nor vanish.
    private static double Length(double real, double imaginary)
    {
        double x = Magnitude(real);
        double y = Magnitude(imaginary);
        double greater = x > y ? x : y;
        double ratio = greater > 0 ? (x > y ? y : x) / greater : 0;
        return greater * Math.Sqrt(1 + (ratio * ratio));
    }
}
