using System.Numerics;
using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>A matrix as pixels: small ones enlarged in whole steps, large ones averaged.</summary>
internal sealed unsafe class HeatMap
{
    /// <summary>The shade of pixels without a finite value; the others run from 0 to one less.</summary>
    public const int NoValue = 255;

    private const int Enlarged = 512;
    private const int Largest = 1024;

    private readonly double[] _cells;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _zoom;

    private HeatMap(int rows, int columns)
    {
        _rows = rows;
        _columns = columns;
        _cells = new double[rows * columns];
        _zoom = Math.Max(1, Enlarged / Math.Max(rows, columns));
    }

    /// <summary>Pixels from top to bottom.</summary>
    public int Height => _rows * _zoom;

    /// <summary>Pixels from left to right.</summary>
    public int Width => _columns * _zoom;

    /// <summary>Reads a matrix; of complex numbers the magnitudes.</summary>
    /// <exception cref="TensorLayoutException">It does not have two axes, or no elements.</exception>
    /// <exception cref="TensorUnsupportedException">Its elements are no numbers.</exception>
    public static HeatMap Read(TensorHandle matrix)
    {
        if (matrix.Rank != 2 || matrix.ElementCount == 0)
            throw new TensorLayoutException($"expected a tensor with two axes and at least one element, got {matrix}; select two axes with an index first");
        if (!matrix.DType.IsNumeric)
            throw new TensorUnsupportedException($"expected numbers, got {matrix}");
        var map = new HeatMap((int)Math.Min(matrix.Shape[0], Largest), (int)Math.Min(matrix.Shape[1], Largest));
        for (int row = 0; row < map._rows; row++)
        {
            Interruptible.ThrowIfInterrupted();
            map.ReadRow(matrix, row);
        }

        return map;
    }

    /// <summary>The least and the greatest finite value; (0, 0) where there is none.</summary>
    public (double Low, double High) Range()
    {
        double[] finite = [.. _cells.Where(double.IsFinite)];
        return finite.Length == 0 ? (0, 0) : (finite.Min(), finite.Max());
    }

    /// <summary>One byte for each pixel, row by row: 0 for the low end to 254 for the high end.</summary>
    public byte[] Shades(double low, double high)
    {
        var shades = new byte[Height * Width];
        double scale = high > low ? (NoValue - 1) / (high - low) : 0;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                double value = _cells[(y / _zoom * _columns) + (x / _zoom)];
                shades[(y * Width) + x] = double.IsFinite(value) ? (byte)Math.Round(Math.Clamp((value - low) * scale, 0, NoValue - 1)) : (byte)NoValue;
            }
        }

        return shades;
    }

    // The mean of the finite elements under each cell of one row.
    private void ReadRow(TensorHandle matrix, int row)
    {
        Span<double> sums = new double[_columns];
        Span<int> counts = new int[_columns];
        (long first, long last) = Part(matrix.Shape[0], _rows, row);
        for (long line = first; line < last; line++)
        {
            using TensorHandle selected = matrix[line];
            using TensorHandle numbers = TensorCopy.Cast(selected, DType.Complex128);
            var values = new ReadOnlySpan<Complex>((void*)numbers.Data, checked((int)numbers.ElementCount));
            for (int column = 0; column < _columns; column++)
            {
                (long from, long to) = Part(values.Length, _columns, column);
                Add(values[(int)from..(int)to], matrix.DType.Kind == ElementKind.Complex, ref sums[column], ref counts[column]);
            }
        }

        for (int column = 0; column < _columns; column++)
            _cells[(row * _columns) + column] = counts[column] == 0 ? double.NaN : sums[column] / counts[column];
    }

    private static void Add(ReadOnlySpan<Complex> values, bool isComplex, ref double sum, ref int count)
    {
        foreach (Complex value in values)
        {
            double number = isComplex ? Complex.Abs(value) : value.Real;
            if (!double.IsFinite(number))
                continue;
            sum += number;
            count++;
        }
    }

    private static (long From, long To) Part(long length, int parts, int part) => (length * part / parts, length * (part + 1) / parts);
}
