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
                statistics.Floats(pieces, tensor.DType);
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

    private void Floats(Pieces pieces, DType type)
    {
        var state = new FloatState();
        pieces.Read<double>(DType.Float64, state.Take);
        if (state.NotNumbers < pieces.Count)
        {
            _facts.Add($"min {Shortest(state.Least, type)}");
            _facts.Add($"max {Shortest(state.Most, type)}");
            Add("mean", state.Sum / (pieces.Count - state.NotNumbers));
        }

        Add("NaN", state.NotNumbers);
        Add("infinite", state.Infinities);
    }

    // A float's 0.1 is not the double's 0.10000000149011612.
    private static string Shortest(double value, DType type) => type.ItemSize switch
    {
        2 when type.Kind == ElementKind.Float => ((Half)value).ToString(CultureInfo.InvariantCulture),
        2 or 4 => ((float)value).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

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
        if (none < pieces.Count)
        {
            _facts.Add($"min {Format(least)}");
            _facts.Add($"max {Format(most)}");
        }

        Add("NaT", none);

        string Format(long ticks) => type.Kind == ElementKind.DateTime && !type.Unit.IsGeneric
            ? DateTimeText.Format(ticks, type.Unit)
            : $"{ticks.ToString(CultureInfo.InvariantCulture)} {type.Unit}".TrimEnd();
    }

    private void Add<T>(string name, T value)
        where T : IFormattable => _facts.Add($"{name} {value.ToString(null, CultureInfo.InvariantCulture)}");

    private sealed class FloatState
    {
        public double Least { get; private set; } = double.PositiveInfinity;

        public double Most { get; private set; } = double.NegativeInfinity;

        public double Sum { get; private set; }

        public long NotNumbers { get; private set; }

        public long Infinities { get; private set; }

        public void Take(ReadOnlySpan<double> values)
        {
            double sum = TensorPrimitives.Sum(values);
            if (!double.IsFinite(sum))
            {
                foreach (double value in values)
                    TakeOne(value);
                return;
            }

            Sum += sum;
            Least = Math.Min(Least, TensorPrimitives.Min(values));
            Most = Math.Max(Most, TensorPrimitives.Max(values));
        }

        private void TakeOne(double value)
        {
            if (double.IsNaN(value))
            {
                NotNumbers++;
                return;
            }

            if (double.IsInfinity(value))
                Infinities++;
            Sum += value;
            Least = Math.Min(Least, value);
            Most = Math.Max(Most, value);
        }
    }

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
