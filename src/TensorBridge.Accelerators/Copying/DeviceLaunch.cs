using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Copying;

/// <summary>A kernel that is loaded, with its parameters: everything but the two addresses and the stream.</summary>
internal abstract class DeviceLaunch
{
    /// <summary>Launches; nothing is allocated, looked up or waited for.</summary>
    public abstract void Execute(AcceleratorStream stream, in DeviceMemory source, in DeviceMemory destination);

    /// <summary>As <see cref="Execute"/> for a fill: stores <paramref name="pattern"/> in place of the value that the launch was made with.</summary>
    public abstract void Fill(AcceleratorStream stream, in DeviceMemory destination, V16 pattern);
}

/// <inheritdoc/>
internal sealed class DeviceLaunch<TSource, TDestination, TShape, TAxes> : DeviceLaunch
    where TSource : unmanaged
    where TDestination : unmanaged
    where TShape : unmanaged
    where TAxes : unmanaged
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TSource>, ArrayView<TDestination>, TShape, TAxes> _kernel;
    private readonly KernelConfig _config;
    private readonly TShape _shape;
    private readonly TAxes _axes;
    private readonly long _sourceWords;
    private readonly long _destinationWords;

    public DeviceLaunch(KernelChoice choice, KernelCache kernels, long sourceSpan, long destinationSpan)
    {
        _kernel = kernels.Load<TSource, TDestination, TShape, TAxes>(choice.Method);
        _config = new KernelConfig(new Index3D((int)choice.Blocks, 1, 1), new Index3D(KernelCache.Threads, 1, 1));
        _shape = (TShape)choice.Shape;
        _axes = (TAxes)choice.Axes;
        // Rounded up: the last words of a run may be fewer than a wide word holds. Kernels do not go there with wide words.
        _sourceWords = (sourceSpan + IlgpuInterop.SizeOf<TSource>() - 1) / IlgpuInterop.SizeOf<TSource>();
        _destinationWords = (destinationSpan + IlgpuInterop.SizeOf<TDestination>() - 1) / IlgpuInterop.SizeOf<TDestination>();
    }

    /// <inheritdoc/>
    public override void Execute(AcceleratorStream stream, in DeviceMemory source, in DeviceMemory destination) =>
        _kernel(stream, _config, source.View<TSource>(0, _sourceWords), destination.View<TDestination>(0, _destinationWords), _shape, _axes);

    /// <inheritdoc/>
    public override void Fill(AcceleratorStream stream, in DeviceMemory destination, V16 pattern)
    {
        if (typeof(TShape) != typeof(FillShape))
            throw new InvalidOperationException("this launch does not fill");
        TShape shape = _shape;
        System.Runtime.CompilerServices.Unsafe.As<TShape, FillShape>(ref shape).Pattern = pattern;
        _kernel(stream, _config, destination.View<TSource>(0, 1), destination.View<TDestination>(0, _destinationWords), shape, _axes);
    }
}
