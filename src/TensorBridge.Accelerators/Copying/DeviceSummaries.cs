using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Algorithms.ScanReduceOperations;
using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Statistics and fingerprints of dense memory: one pass by a kernel of ours, then ILGPU's reductions over the threads' results.</summary>
/// <remarks>The reductions are kept: ILGPU compiles and loads one for every call that does not bring its own, and allocates for its result.</remarks>
internal sealed class DeviceSummaries(Accelerator accelerator, StreamPool pool)
{
    private const int Threads = 256;
    private const int LargestGrid = 64;

    private readonly ConcurrentDictionary<ElementType, Summary> _kernels = new();
    private readonly Lazy<Reduction<double, Stride1D.Dense>> _minimum = new(accelerator.CreateReduction<double, Stride1D.Dense, MinDouble>);
    private readonly Lazy<Reduction<double, Stride1D.Dense>> _maximum = new(accelerator.CreateReduction<double, Stride1D.Dense, MaxDouble>);
    private readonly Lazy<Reduction<double, Stride1D.Dense>> _sum = new(accelerator.CreateReduction<double, Stride1D.Dense, AddDouble>);
    private readonly Lazy<Reduction<ulong, Stride1D.Dense>> _mixedSum = new(accelerator.CreateReduction<ulong, Stride1D.Dense, AddUInt64>);
    private Action<AcceleratorStream, KernelConfig, ArrayView<byte>, ArrayView<ulong>, long>? _fingerprint;

    public TensorStatistics Statistics(ElementType type, in DeviceMemory source, long count, AcceleratorStream stream)
    {
        int threads = GridFor(count) * Threads;
        long all = Copying.Statistics.Lists * (long)threads;
        MemoryBuffer block = pool.Rent((all + Copying.Statistics.Lists) * sizeof(double), stream);
        try
        {
            _kernels.GetOrAdd(type, Load).Launch(stream, threads / Threads, source, new ArrayView<double>(block, 0, all), count);
            Reduction<double, Stride1D.Dense>[] reductions = [_minimum.Value, _maximum.Value, _sum.Value, _sum.Value];
            for (int list = 0; list < reductions.Length; list++)
                reductions[list](stream, new ArrayView<double>(block, (long)list * threads, threads), new ArrayView<double>(block, all + list, 1));
            double[] results = Read<double>(block, all, Copying.Statistics.Lists, stream);
            (double minimum, double maximum, double sum, double numbers) = (results[0], results[1], results[2], results[3]);
            return numbers == 0
                ? new TensorStatistics(count, count, double.NaN, double.NaN, double.NaN)
                : new TensorStatistics(count, count - (long)numbers, minimum, maximum, sum / numbers);
        }
        finally
        {
            pool.Return(block, stream);
        }
    }

    public ulong Fingerprint(in DeviceMemory source, long bytes, AcceleratorStream stream)
    {
        int grid = GridFor((bytes + 7) / 8);
        MemoryBuffer block = pool.Rent(((grid * Threads) + 1) * (long)sizeof(ulong), stream);
        try
        {
            var results = new ArrayView<ulong>(block, 0, grid * Threads);
            _fingerprint ??= accelerator.LoadKernel<ArrayView<byte>, ArrayView<ulong>, long>(Copying.Fingerprint.Run);
            _fingerprint(stream, new KernelConfig(grid, Threads), source.View<byte>(0, bytes), results, bytes);
            _mixedSum.Value(stream, results, new ArrayView<ulong>(block, grid * Threads, 1));
            return Read<ulong>(block, grid * Threads, 1, stream)[0];
        }
        finally
        {
            pool.Return(block, stream);
        }
    }

    private static T[] Read<T>(MemoryBuffer block, long first, int count, AcceleratorStream stream)
        where T : unmanaged
    {
        var results = new T[count];
        new ArrayView<T>(block, first, count).CopyToCPU(stream, results);
        stream.Synchronize();
        return results;
    }

    private static int GridFor(long items) => (int)Math.Clamp((items + Threads - 1) / Threads, 1, LargestGrid);

    private Summary Load(ElementType type)
    {
        (Type element, Type word) = WordTypes.ElementOf(type);
        return (Summary)Activator.CreateInstance(typeof(Summary<,>).MakeGenericType(word, element), accelerator)!;
    }

    private abstract class Summary
    {
        public abstract void Launch(AcceleratorStream stream, int grid, in DeviceMemory source, ArrayView<double> results, long count);
    }

    private sealed class Summary<TWord, TElement>(Accelerator accelerator) : Summary
        where TWord : unmanaged
        where TElement : unmanaged, IElement<TWord>
    {
        private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TWord>, ArrayView<double>, long> _kernel =
            accelerator.LoadKernel<ArrayView<TWord>, ArrayView<double>, long>(Copying.Statistics.Run<TWord, TElement>);

        public override void Launch(AcceleratorStream stream, int grid, in DeviceMemory source, ArrayView<double> results, long count) =>
            _kernel(stream, new KernelConfig(grid, Threads), source.View<TWord>(0, count), results, count);
    }
}
