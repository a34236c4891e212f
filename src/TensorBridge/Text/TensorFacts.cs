using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using TensorBridge.Copying;

namespace TensorBridge;

/// <summary>Smallest, largest, mean and how many are not a number, in one pass over a tensor of any size.</summary>
internal sealed unsafe class TensorFacts
{
    private const int Piece = 1 << 17;

    private readonly List<string> _facts = [];

    /// <summary>The facts as text, such as <c>min -1</c>; empty for types without an order or arithmetic.</summary>
    public IReadOnlyList<string> Facts => _facts;

    /// <summary>Reads a tensor in host memory: a dense one in the order of its memory, any other in that of its axes.</summary>
    /// <param name="tensor">The tensor; each element is read once.</param>
    /// <param name="progress">Called with bytes read and bytes in all.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static TensorFacts Of(TensorHandle tensor, Action<long, long>? progress = null, CancellationToken cancellation = default)
    {
        var facts = new TensorFacts();
        if (tensor.ElementCount == 0)
            return facts;
        var pieces = new Pieces(tensor, progress, cancellation);
        switch (tensor.DType.Kind)
        {
            case ElementKind.Boolean:
                facts.CountTrue(pieces);
                break;
            case ElementKind.SignedInteger:
                facts.Integers<long>(pieces, DType.Int64);
                break;
            case ElementKind.UnsignedInteger:
                facts.Integers<ulong>(pieces, DType.UInt64);
                break;
            case ElementKind.Float or ElementKind.BrainFloat:
                facts.Floats(pieces, tensor.DType);
                break;
            case ElementKind.Complex:
                facts.Complexes(pieces);
                break;
            case ElementKind.DateTime or ElementKind.TimeDelta:
                facts.Ticks(pieces, tensor.DType);
                break;
        }

        return facts;
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

    /// <summary>A value as its type prints it: a float's 0.1 is not the double's 0.10000000149011612.</summary>
    internal static string Shortest(double value, DType type) => type.ItemSize switch
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

    // The tensor as long rows, converted piece by piece to a type to compute in.
    private sealed class Pieces(TensorHandle tensor, Action<long, long>? progress, CancellationToken cancellation)
    {
        private long _done;

        public delegate void Reader<T>(ReadOnlySpan<T> values);

        public long Count => tensor.ElementCount;

        public void Read<T>(DType wide, Reader<T> read)
            where T : unmanaged
        {
            using TensorHandle scratch = TensorAllocator.Shared.Allocate(wide, [Math.Min(Piece, Count)]);
            TensorDescriptor whole = tensor.Descriptor;
            ReadPart(tensor.Layout.IsContiguous(Order.K) ? whole.With(layout: Layout.Contiguous([Count], whole.DType.ItemSize), data: Lowest(whole)) : whole, scratch.Descriptor, read);
            GC.KeepAlive(tensor);
        }

        private static nuint Lowest(TensorDescriptor whole) => unchecked(whole.Data + (nuint)whole.Layout.Extent.Low);

        // Cuts along the outermost axis that has something to cut.
        private void ReadPart<T>(TensorDescriptor part, TensorDescriptor scratch, Reader<T> read)
            where T : unmanaged
        {
            Layout layout = part.Layout;
            if (layout.ElementCount <= Piece)
            {
                Convert(part, scratch.With(layout: Layout.Contiguous(layout.Shape, scratch.DType.ItemSize)), read);
                return;
            }

            int axis = 0;
            while (layout.Shape[axis] == 1)
                axis++;
            long step = Math.Max(1, Piece / (layout.ElementCount / layout.Shape[axis]));
            for (long start = 0; start < layout.Shape[axis]; start += step)
            {
                long[] shape = layout.Shape.ToArray();
                shape[axis] = Math.Min(step, layout.Shape[axis] - start);
                nuint data = unchecked(part.Data + (nuint)(start * layout.ByteStrides[axis]));
                ReadPart(part.With(data: data, layout: new Layout(shape, layout.ByteStrides, layout.ItemSize)), scratch, read);
            }
        }

        private void Convert<T>(TensorDescriptor part, TensorDescriptor scratch, Reader<T> read)
            where T : unmanaged
        {
            cancellation.ThrowIfCancellationRequested();
            HostCopy.Run(part, scratch, new CopyOptions { Casting = CastingRule.Unsafe });
            read(new ReadOnlySpan<T>((void*)scratch.Data, (int)part.Layout.ElementCount));
            _done += part.Layout.ElementCount;
            progress?.Invoke(_done * tensor.DType.ItemSize, Count * tensor.DType.ItemSize);
        }
    }
}
