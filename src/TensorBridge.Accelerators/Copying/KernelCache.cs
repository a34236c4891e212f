using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The kernels loaded on one accelerator. Delegates are kept: ILGPU itself holds compiled kernels weakly.</summary>
internal sealed class KernelCache(Accelerator accelerator)
{
    public const int Threads = 256;

    /// <summary>Blocks that must fit a multiprocessor: it bounds the registers to 40 a thread.</summary>
    public const int BlocksPerMultiprocessor = 6;

    private readonly ConcurrentDictionary<MethodInfo, Delegate> _kernels = new();
    private readonly Lock _loading = new();

    /// <summary>Number of kernels loaded so far.</summary>
    public int Count => _kernels.Count;

    /// <summary>How kernels are compiled.</summary>
    public static KernelSpecialization Specialization { get; } = new(Threads, BlocksPerMultiprocessor);

    public Action<AcceleratorStream, KernelConfig, ArrayView<TSource>, ArrayView<TDestination>, TShape, TAxes> Load<TSource, TDestination, TShape, TAxes>(MethodInfo method)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TShape : unmanaged
        where TAxes : unmanaged
    {
        if (!_kernels.TryGetValue(method, out Delegate? kernel))
        {
            // ILGPU compiles one kernel at a time anyway; two threads after the same one must not both do it.
            lock (_loading)
            {
                if (!_kernels.TryGetValue(method, out kernel))
                {
                    var action = method.CreateDelegate<Action<ArrayView<TSource>, ArrayView<TDestination>, TShape, TAxes>>();
                    kernel = accelerator.AcceleratorType == AcceleratorType.Cuda
                        ? accelerator.LoadKernel(action, Specialization)
                        : accelerator.LoadKernel(action);
                    _kernels[method] = kernel;
                }
            }
        }
        return (Action<AcceleratorStream, KernelConfig, ArrayView<TSource>, ArrayView<TDestination>, TShape, TAxes>)kernel;
    }
}
