using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Algorithms.ScanReduceOperations;
using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Statistics and fingerprints of dense memory: one pass by a kernel of ours, then ILGPU's reductions over the threads' results.</summary>
internal sealed class DeviceSummaries(Accelerator accelerator, StreamPool pool)
{
    private const int Threads = 256;
    private const int LargestGrid = 64;

    private readonly ConcurrentDictionary<ElementType, Summary> _kernels = new();
    private Action<AcceleratorStream, KernelConfig, ArrayView<byte>, ArrayView<ulong>, long>? _fingerprint;

    public TensorStatistics Statistics(ElementType type, in DeviceMemory source, long count, AcceleratorStream stream)
    {
        int threads = GridFor(count) * Threads;
        MemoryBuffer block = pool.Rent(Copying.Statistics.Lists * (long)threads * sizeof(double), stream);
        try
        {
            var results = new ArrayView<double>(block, 0, Copying.Statistics.Lists * (long)threads);
            _kernels.GetOrAdd(type, Load).Launch(stream, threads / Threads, source, results, count);
            double minimum = accelerator.Reduce<double, MinDouble>(stream, results.SubView(0, threads));
            double maximum = accelerator.Reduce<double, MaxDouble>(stream, results.SubView(threads, threads));
            double sum = accelerator.Reduce<double, AddDouble>(stream, results.SubView(2L * threads, threads));
            double numbers = accelerator.Reduce<double, AddDouble>(stream, results.SubView(3L * threads, threads));
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
        MemoryBuffer block = pool.Rent(grid * Threads * (long)sizeof(ulong), stream);
        try
        {
            var results = new ArrayView<ulong>(block, 0, grid * Threads);
            _fingerprint ??= accelerator.LoadKernel<ArrayView<byte>, ArrayView<ulong>, long>(Copying.Fingerprint.Run);
            _fingerprint(stream, new KernelConfig(grid, Threads), source.View<byte>(0, bytes), results, bytes);
            return accelerator.Reduce<ulong, AddUInt64>(stream, results);
        }
        finally
        {
            pool.Return(block, stream);
        }
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
