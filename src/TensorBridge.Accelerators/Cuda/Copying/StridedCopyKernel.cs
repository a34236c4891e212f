using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Any strided copy between memory that the device reaches: one word per thread.</summary>
/// <remarks>The one place where device memory is rearranged by a kernel; a tiled engine takes its place here.</remarks>
internal sealed class StridedCopyKernel(CudaAccelerator accelerator)
{
    private const int MaxRank = 8;

    private readonly Dictionary<int, Delegate> _kernels = [];
    private readonly Lock _gate = new();

    /// <summary>Enqueues the copy. The context is current, the handles keep the memory alive.</summary>
    public void Run(CopyGeometry geometry, TensorHandle source, TensorHandle target, CudaStream stream)
    {
        switch (geometry.WordSize)
        {
            case 1:
                Run<byte>(geometry, source, target, stream);
                break;
            case 2:
                Run<ushort>(geometry, source, target, stream);
                break;
            case 4:
                Run<uint>(geometry, source, target, stream);
                break;
            case 8:
                Run<ulong>(geometry, source, target, stream);
                break;
            default:
                Run<Word16>(geometry, source, target, stream);
                break;
        }
    }

    private void Run<T>(CopyGeometry geometry, TensorHandle source, TensorHandle target, CudaStream stream)
        where T : unmanaged
    {
        var kernel = (Action<AcceleratorStream, Index1D, StridedView<T, Rank8>, StridedView<T, Rank8>>)Kernel<T>(geometry.WordSize);
        foreach ((long sourceOffset, long targetOffset, CopyGeometry.Axis[] axes) in Pieces(geometry))
        {
            StridedView<T, Rank8> from = View<T>(geometry, CopySide.Source, unchecked(geometry.Source + (nuint)sourceOffset), axes, source);
            StridedView<T, Rank8> to = View<T>(geometry, CopySide.Target, unchecked(geometry.Target + (nuint)targetOffset), axes, target);
            kernel(stream, (int)from.Length, from, to);
        }
    }

    private Delegate Kernel<T>(int wordSize)
        where T : unmanaged
    {
        lock (_gate)
        {
            if (!_kernels.TryGetValue(wordSize, out Delegate? kernel))
                _kernels[wordSize] = kernel = accelerator.LoadAutoGroupedKernel<Index1D, StridedView<T, Rank8>, StridedView<T, Rank8>>(StridedCopyBody.Copy);
            return kernel;
        }
    }

    // One launch covers at most 8 axes and 2^31-1 words: what is outside of that is walked on the host.
    private static IEnumerable<(long Source, long Target, CopyGeometry.Axis[] Axes)> Pieces(CopyGeometry geometry)
    {
        int outer = Math.Max(0, geometry.Axes.Count - MaxRank);
        while (geometry.Axes.Skip(outer).Aggregate((Int128)1, (count, axis) => count * axis.Length) > int.MaxValue)
            outer++;
        CopyGeometry.Axis[] inner = [.. geometry.Axes.Skip(outer)];
        var index = new long[outer];
        while (true)
        {
            long source = 0, target = 0;
            for (int axis = 0; axis < outer; axis++)
            {
                source += index[axis] * geometry.Axes[axis].Source;
                target += index[axis] * geometry.Axes[axis].Target;
            }

            yield return (source, target, inner);
            int next = outer - 1;
            while (next >= 0 && ++index[next] == geometry.Axes[next].Length)
                index[next--] = 0;
            if (next < 0)
                yield break;
        }
    }

    private StridedView<T, Rank8> View<T>(CopyGeometry geometry, CopySide side, nuint address, CopyGeometry.Axis[] axes, TensorHandle owner)
        where T : unmanaged
    {
        Span<long> lengths = stackalloc long[MaxRank];
        Span<long> strides = stackalloc long[MaxRank];
        lengths.Fill(1);
        strides.Clear();
        long low = 0, high = geometry.WordSize;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = MaxRank - axes.Length + i;
            lengths[axis] = axes[i].Length;
            strides[axis] = axes[i].Stride(side) / geometry.WordSize;
            long reach = (axes[i].Length - 1) * axes[i].Stride(side);
            low += Math.Min(0, reach);
            high += Math.Max(0, reach);
        }

        long words = (high - low) / geometry.WordSize;
        var buffer = new ForeignCudaBuffer(accelerator, owner, unchecked(address + (nuint)low), words, geometry.WordSize);
        return new StridedView<T, Rank8>(new ArrayView<T>(buffer, 0, words), -low / geometry.WordSize, Rank8.Create(lengths, strides));
    }
}
