using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

/// <summary>Kernels that know nothing of TensorBridge: plain ILGPU.</summary>
public static class MyKernels
{
    /// <summary>y = alpha x + y.</summary>
    public static void Saxpy(Index1D index, float alpha, ArrayView<float> x, ArrayView<float> y) =>
        y[index] = (alpha * x[index]) + y[index];

    /// <summary>y = alpha x + y over two-dimensional views of any strides.</summary>
    public static void Saxpy2D(Index2D index, float alpha, ArrayView2D<float, Stride2D.General> x, ArrayView2D<float, Stride2D.General> y) =>
        y[index] = (alpha * x[index]) + y[index];

    /// <summary>Writes each element's index as i * 10000 + j * 100 + k.</summary>
    public static void Number3D(Index3D index, ArrayView3D<int, Stride3D.General> view) =>
        view[index] = (index.X * 10000) + (index.Y * 100) + index.Z;

    /// <summary>Transposes: C order in, Fortran order out.</summary>
    public static void Orders(Index2D index, ArrayView2D<int, Stride2D.DenseY> rows, ArrayView2D<int, Stride2D.DenseX> columns) =>
        columns[index] = rows[index];

    /// <summary>A table lookup: the table is not element-wise, so callers give the extent.</summary>
    public static void Lookup(Index1D index, ArrayView<byte> codes, ArrayView<float> table, ArrayView<float> result) =>
        result[index] = table[(int)codes[index]];

    /// <summary>Adds a value that the kernel is compiled for.</summary>
    public static void AddSpecialized(Index1D index, SpecializedValue<int> value, ArrayView<int> view) => view[index] += value;

    /// <summary>Every kind of scalar, so that conversions can be seen.</summary>
    public static void Scalars(Index1D index, byte small, long large, double real, ArrayView<double> result) =>
        result[index] = small + large + real;

    /// <summary>A struct by value and a view of structs.</summary>
    public static void Move(Index1D index, Particle step, ArrayView<Particle> particles)
    {
        particles[index].X += step.X;
        particles[index].Y += step.Y;
    }

    /// <summary>Reads or writes wherever it is told to.</summary>
    public static void Poke(Index1D index, int offset, ArrayView<int> view) => view[index + offset] = 7;

    /// <summary>Takes a part of a view, which may be too long.</summary>
    public static void Part(Index1D index, long start, long length, ArrayView<int> view) => view.SubView(start, length)[index] = 7;

    /// <summary>Takes the part in a private helper of a helper: run on ILGPU's views by either engine.</summary>
    public static void PartByHelpers(Index1D index, long start, long length, ArrayView<int> view) => new Cutter { Start = start }.Write(view, length, index);

    /// <summary>Takes a part along both axes.</summary>
    public static void Part2D(Index2D index, long start, long length, ArrayView2D<int, Stride2D.General> view) =>
        view.SubView(new LongIndex2D(start, start), new LongIndex2D(length, length))[index] = 7;

    /// <summary>Takes a part in an explicitly grouped kernel.</summary>
    public static void PartOfShared(ArrayView<int> view, long start, long length)
    {
        ArrayView<int> part = view.SubView(start, length);
        Group.Barrier();
        part[Grid.GlobalIndex.X] = 7;
    }

    /// <summary>Passes its view on to a helper: not copied into the host engine's loop, but called.</summary>
    public static void PassesOn(Index1D index, int offset, ArrayView<int> view) => Set(view, index + offset);

    /// <summary>Keeps a part of a view in a local.</summary>
    public static void Halves(Index1D index, ArrayView<int> x, ArrayView<int> y)
    {
        ArrayView<int> low = x.SubView(0, x.IntLength / 2);
        ArrayView<int> high = x.SubView(x.Length / 2);
        y[index] = (low[index] * 100) + high[index];
    }

    /// <summary>Reads outside a two-dimensional view.</summary>
    public static void Poke2D(Index2D index, int row, int column, ArrayView2D<int, Stride2D.General> view) =>
        view[index.X + row, index.Y + column] = 7;

    /// <summary>Goes backwards: the index is written to before it is used.</summary>
    public static void Backwards(Index1D index, ArrayView<int> x, ArrayView<int> y)
    {
        int value = x[index];
        index = new Index1D(y.IntLength - 1 - index.X);
        y[index] = value;
    }

    /// <summary>Goes backwards: a helper writes to the index.</summary>
    public static void BackwardsByHelper(Index1D index, ArrayView<int> x, ArrayView<int> y)
    {
        int value = x[index];
        Turn(ref index, y.IntLength);
        y[index] = value;
    }

    /// <summary>Leaves early for some indices, and looks at the neighbour on the left.</summary>
    public static void Steps2D(Index2D index, ArrayView2D<int, Stride2D.General> x, ArrayView2D<int, Stride2D.General> y)
    {
        if (index.Y == 0)
            return;
        y[index] += x[index] - x[index.X, index.Y - 1];
        if (y[index] > 1000)
            y[index] = 1000;
    }

    /// <summary>Divides, by zero if told to.</summary>
    public static void Divide(Index1D index, int divisor, ArrayView<int> view) => view[index] /= divisor;

    /// <summary>Reverses each group through shared memory.</summary>
    public static void ReverseGroups(ArrayView<int> view)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(64);
        int index = Grid.GlobalIndex.X;
        tile[Group.IdxX] = view[index];
        Group.Barrier();
        view[index] = tile[Group.DimX - 1 - Group.IdxX];
    }

    /// <summary>As <see cref="ReverseGroups"/>, with one thread that fails before the barrier.</summary>
    public static void FailBeforeBarrier(ArrayView<int> view, int failing)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(64);
        int index = Grid.GlobalIndex.X;
        tile[Group.IdxX] = view[index == failing ? -1 : index];
        Group.Barrier();
        view[index] = tile[Group.DimX - 1 - Group.IdxX];
        Group.Barrier();
    }

    /// <summary>A warp shuffle, with one thread that fails before it.</summary>
    public static void FailBeforeShuffle(ArrayView<int> view, int failing)
    {
        int index = Grid.GlobalIndex.X;
        int value = view[index == failing ? -1 : index];
        view[index] = Warp.Shuffle(value, 0);
        view[index] += Warp.Shuffle(value, 1);
    }

    /// <summary>An index and a barrier: not element-wise.</summary>
    public static void IndexedBarrier(Index1D index, ArrayView<int> view)
    {
        view[index] = Group.IdxX;
        Group.Barrier();
    }

    /// <summary>Uses local memory: not for the host engine.</summary>
    public static void UsesLocalMemory(Index1D index, ArrayView<int> view)
    {
        ArrayView1D<int, Stride1D.Dense> local = LocalMemory.Allocate1D<int>(4);
        local[0] = index;
        view[index] = local[0];
    }

    /// <summary>Calls a helper, a loop and the mathematics library.</summary>
    public static void Mandelbrot(Index2D index, int limit, ArrayView2D<int, Stride2D.DenseY> counts)
    {
        float x = ((float)index.X / counts.IntExtent.X * 3) - 2;
        float y = ((float)index.Y / counts.IntExtent.Y * 2) - 1;
        counts[index] = Escape(x, y, limit);
    }

    /// <summary>ILGPU compiles no exceptions.</summary>
    public static void DoesNotCompile(Index1D index, ArrayView<int> view) => view[index] = string.Concat("a", view.Length.ToString()).Length;

    /// <summary>Two overloads.</summary>
    public static void Twice(Index1D index, ArrayView<int> view) => view[index] *= 2;

    /// <summary>Two overloads.</summary>
    public static void Twice(Index1D index, ArrayView<float> view) => view[index] *= 2;

    /// <summary>ILGPU's mathematics library.</summary>
    public static void Distance(Index1D index, ArrayView<float> x, ArrayView<float> y) =>
        y[index] = XMath.Min(XMath.Sqrt((x[index] * x[index]) + (y[index] * y[index])), 100f);

    /// <summary>Takes long enough to be interrupted.</summary>
    public static void Slow(Index1D index, int rounds, ArrayView<double> view)
    {
        double value = index;
        for (int i = 0; i < rounds; i++)
            value = (value * 0.999) + 1;
        view[index] = value;
    }

    /// <summary>Loops, a switch, constants of every kind, parameters written to, helpers and generic helpers: what copied code must keep.</summary>
    public static void Features(Index1D index, int rounds, double factor, ArrayView<double> x, ArrayView<double> y)
    {
        double sum = 0;
        long big = 0x123456789AL;
        for (int i = 0; i < rounds; i++)
        {
            switch (i % 4)
            {
                case 0: sum += x[index]; break;
                case 1: sum -= 0.5f; break;
                case 2: sum *= 1.25; break;
                default: sum += big % (i + 1); break;
            }
        }

        factor += index.X;
        rounds = sum > 10 ? rounds + 1 : rounds - 1;
        Pair pair = default;
        pair.First += rounds;
        (pair.First, pair.Second) = (pair.Second, pair.First);
        y[index] = Apply<Adder>(sum, factor) + pair.Second + Math.Sqrt(Math.Abs(sum)) + (x.IntLength * 1000);
        if (index > 3 && y[index] < 0)
            return;
        y[x.Length - 1 - index] += 1e-3;
    }

    /// <summary>No kernel: it returns something.</summary>
    public static int NoKernel(Index1D index) => index;

    private static void Turn(ref Index1D index, int length) => index = new Index1D(length - 1 - index.X);

    private static void Set(ArrayView<int> view, int index) => view[index] = 7;

    private static double Apply<TOperation>(double a, double b)
        where TOperation : struct, IOperation => default(TOperation).Do(a, b);

    private static int Escape(float x, float y, int limit)
    {
        float re = 0;
        float im = 0;
        int count = 0;
        for (; count < limit && (re * re) + (im * im) < 4; count++)
        {
            float next = (re * re) - (im * im) + x;
            im = (2 * re * im) + y;
            re = next;
        }

        return count;
    }

    private interface IOperation
    {
        double Do(double a, double b);
    }

    private struct Cutter
    {
        public long Start;

        public readonly void Write(ArrayView<int> view, long length, int index) => Cut(view, length)[index] = 7;

        private readonly ArrayView<int> Cut(ArrayView<int> view, long length) => view.SubView(Start, length);
    }

    private struct Pair
    {
        public int First;
        public int Second;
    }

    private readonly struct Adder : IOperation
    {
        public double Do(double a, double b) => a + b;
    }
}
