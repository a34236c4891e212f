using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using TensorBridge.Copying;

namespace TensorBridge.Cli.Inspection;

/// <summary>Smallest, largest, mean and how many are not a number, in one pass over a tensor of any size.</summary>
internal sealed unsafe class TensorStatistics
{
    private const int Piece = 1 << 17;

    private readonly List<string> _facts = [];

    /// <summary>The facts as text, such as <c>min -1</c>; empty for types without an order or arithmetic.</summary>
    public IReadOnlyList<string> Facts => _facts;

    /// <summary>Reads a dense tensor in the order of its memory.</summary>
    /// <param name="tensor">The tensor; each element is read once.</param>
    /// <param name="progress">Called with bytes read and bytes in all.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static TensorStatistics Of(TensorHandle tensor, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        var statistics = new TensorStatistics();
        if (tensor.ElementCount == 0)
            return statistics;
        var pieces = new Pieces(tensor, progress, cancellation);
        switch (tensor.DType.Kind)
        {
            case ElementKind.Boolean:
                statistics.CountTrue(pieces);
                break;
            case ElementKind.SignedInteger:
                statistics.Integers<long>(pieces, DType.Int64);
                break;
            case ElementKind.UnsignedInteger:
                statistics.Integers<ulong>(pieces, DType.UInt64);
                break;
            case ElementKind.Float or ElementKind.BrainFloat:
                statistics.Floats(pieces);
                break;
            case ElementKind.Complex:
                statistics.Complexes(pieces);
                break;
            case ElementKind.DateTime or ElementKind.TimeDelta:
                statistics.Ticks(pieces, tensor.DType);
                break;
        }

        return statistics;
    }

    private void CountTrue(Pieces pieces)
    {
        long count = 0;
        pieces.Read<long>(DType.Int64, values => count += TensorPrimitives.Sum(values));
        Add("True", count);
        Add("False", pieces.Count - count);
    }

    private void Integers<T>(Pieces pieces, DType wide)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T least = T.MaxValue;
        T most = T.MinValue;
        Int128 sum = 0;
        pieces.Read<T>(wide, values =>
        {
            least = T.Min(least, TensorPrimitives.Min(values));
            most = T.Max(most, TensorPrimitives.Max(values));
            foreach (T value in values)
                sum += Int128.CreateChecked(value);
        });
        Add("min", least);
        Add("max", most);
        Add("mean", (double)sum / pieces.Count);
    }

    private void Floats(Pieces pieces)
    {
        double least = double.NaN;
        double most = double.NaN;
        double sum = 0;
        long notNumbers = 0;
        long infinities = 0;
        pieces.Read<double>(DType.Float64, values =>
        {
            least = double.MinNumber(least, TensorPrimitives.MinNumber(values));
            most = double.MaxNumber(most, TensorPrimitives.MaxNumber(values));
            double part = TensorPrimitives.Sum(values);
            if (!double.IsFinite(part))
                part = SumOfNumbers(values, ref notNumbers, ref infinities);
            sum += part;
        });
        Add("min", least);
        Add("max", most);
        Add("mean", sum / (pieces.Count - notNumbers));
        Add("NaN", notNumbers);
        Add("infinite", infinities);
    }

    private static double SumOfNumbers(ReadOnlySpan<double> values, ref long notNumbers, ref long infinities)
    {
        double sum = 0;
        foreach (double value in values)
        {
            if (double.IsNaN(value))
                notNumbers++;
            else
                sum += value;
            if (double.IsInfinity(value))
                infinities++;
        }

        return sum;
    }

    private void Complexes(Pieces pieces)
    {
        Complex sum = Complex.Zero;
        long notNumbers = 0;
        double most = 0;
        pieces.Read<Complex>(DType.Complex128, values =>
        {
            foreach (Complex value in values)
            {
                if (double.IsNaN(value.Real) || double.IsNaN(value.Imaginary))
                {
                    notNumbers++;
                    continue;
                }

                sum += value;
                most = Math.Max(most, value.Magnitude);
            }
        });
        Complex mean = sum / (pieces.Count - notNumbers);
        _facts.Add(string.Create(CultureInfo.InvariantCulture, $"mean ({mean.Real:R}{(mean.Imaginary < 0 ? string.Empty : "+")}{mean.Imaginary:R}j)"));
        Add("largest magnitude", most);
        Add("NaN", notNumbers);
    }

    private void Ticks(Pieces pieces, DType type)
    {
        long least = long.MaxValue;
        long most = long.MinValue;
        long none = 0;
        pieces.Read<long>(type.WithByteOrder(ByteOrder.Little), values =>
        {
            foreach (long value in values)
            {
                if (value == long.MinValue)
                {
                    none++;
                    continue;
                }

                least = Math.Min(least, value);
                most = Math.Max(most, value);
            }
        });
        Func<long, DateTimeUnit, string> format = type.Kind == ElementKind.DateTime ? TickText.Date : TickText.Span;
        if (none < pieces.Count)
        {
            _facts.Add($"min {format(least, type.Unit)}");
            _facts.Add($"max {format(most, type.Unit)}");
        }

        Add("NaT", none);
    }

    private void Add<T>(string name, T value)
        where T : IFormattable => _facts.Add($"{name} {value.ToString(null, CultureInfo.InvariantCulture)}");

    // The tensor as one long row, converted piece by piece to a type to compute in.
    private sealed class Pieces(TensorHandle tensor, Action<long, long>? progress, CancellationToken cancellation)
    {
        public delegate void Reader<T>(ReadOnlySpan<T> values);

        public long Count => tensor.ElementCount;

        public void Read<T>(DType wide, Reader<T> read)
            where T : unmanaged
        {
            using TensorHandle scratch = TensorAllocator.Shared.Allocate(wide, [Math.Min(Piece, Count)]);
            int itemSize = tensor.DType.ItemSize;
            var options = new CopyOptions { Casting = CastingRule.Unsafe };
            for (long done = 0; done < Count;)
            {
                cancellation.ThrowIfCancellationRequested();
                long length = Math.Min(Piece, Count - done);
                TensorDescriptor from = tensor.Descriptor.With(data: tensor.Data + (nuint)(done * itemSize), layout: Layout.Contiguous([length], itemSize));
                HostCopy.Run(from, scratch.Descriptor.With(layout: Layout.Contiguous([length], wide.ItemSize)), options);
                read(new ReadOnlySpan<T>((void*)scratch.Data, (int)length));
                done += length;
                progress?.Invoke(done * itemSize, Count * itemSize);
            }
        }
    }
}
