using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Questions about pairs of dense elements: one pass by a kernel, four bytes of answer.</summary>
internal sealed class DeviceComparisons(Accelerator accelerator, StreamPool pool)
{
    private const int Threads = 256;
    private const int LargestGrid = 1024;

    private Action<AcceleratorStream, KernelConfig, ArrayView<double>, ArrayView<double>, ArrayView<int>, long, Tolerances>? _numbers;
    private Action<AcceleratorStream, KernelConfig, ArrayView<double>, ArrayView<double>, ArrayView<int>, long, Tolerances>? _complexNumbers;
    private Action<AcceleratorStream, KernelConfig, ArrayView<long>, ArrayView<long>, ArrayView<int>, long, long>? _integers;
    private Action<AcceleratorStream, KernelConfig, ArrayView<byte>, ArrayView<byte>, ArrayView<int>, long>? _bytes;

    public bool Numbers(DeviceMemory left, DeviceMemory right, long count, Tolerances tolerances, AcceleratorStream stream) => Ask(stream, found =>
    {
        _numbers ??= accelerator.LoadKernel<ArrayView<double>, ArrayView<double>, ArrayView<int>, long, Tolerances>(Compare.Numbers);
        _numbers(stream, ConfigFor(count), left.View<double>(0, count), right.View<double>(0, count), found, count, tolerances);
    });

    public bool ComplexNumbers(DeviceMemory left, DeviceMemory right, long count, Tolerances tolerances, AcceleratorStream stream) => Ask(stream, found =>
    {
        _complexNumbers ??= accelerator.LoadKernel<ArrayView<double>, ArrayView<double>, ArrayView<int>, long, Tolerances>(Compare.ComplexNumbers);
        _complexNumbers(stream, ConfigFor(count), left.View<double>(0, 2 * count), right.View<double>(0, 2 * count), found, count, tolerances);
    });

    public bool Integers(DeviceMemory left, DeviceMemory right, long count, long forbidden, AcceleratorStream stream) => Ask(stream, found =>
    {
        _integers ??= accelerator.LoadKernel<ArrayView<long>, ArrayView<long>, ArrayView<int>, long, long>(Compare.Integers);
        _integers(stream, ConfigFor(count), left.View<long>(0, count), right.View<long>(0, count), found, count, forbidden);
    });

    public bool Bytes(DeviceMemory left, DeviceMemory right, long count, AcceleratorStream stream) => Ask(stream, found =>
    {
        _bytes ??= accelerator.LoadKernel<ArrayView<byte>, ArrayView<byte>, ArrayView<int>, long>(Compare.Bytes);
        _bytes(stream, ConfigFor(count), left.View<byte>(0, count), right.View<byte>(0, count), found, count);
    });

    private static KernelConfig ConfigFor(long count) => new((int)Math.Clamp((count + Threads - 1) / Threads, 1, LargestGrid), Threads);

    // True when no thread found a pair that does not match.
    private bool Ask(AcceleratorStream stream, Action<ArrayView<int>> launch)
    {
        MemoryBuffer block = pool.Rent(sizeof(int), stream);
        try
        {
            var found = new ArrayView<int>(block, 0, 1);
            found.MemSetToZero(stream);
            launch(found);
            int answer = 0;
            found.CopyToCPU(stream, ref answer, 1);
            stream.Synchronize();
            return answer == 0;
        }
        finally
        {
            pool.Return(block, stream);
        }
    }
}
