using System.Numerics;
using System.Runtime.CompilerServices;
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
    where TShape : unmanaged, IKernelShape
    where TAxes : unmanaged
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TSource>, ArrayView<TDestination>, TShape, TAxes> _kernel;
    private readonly KernelConfig _config;
    private readonly TShape _shape;
    private readonly TAxes _axes;
    private readonly long _sourceWords;
    private readonly long _destinationWords;
    private readonly int _sourceGrain;
    private readonly int _destinationGrain;
    private readonly int _sourceShift;
    private readonly int _destinationShift;

    public DeviceLaunch(KernelChoice choice, KernelCache kernels, long sourceSpan, long destinationSpan)
    {
        _kernel = kernels.Load<TSource, TDestination, TShape, TAxes>(choice.Method);
        _config = new KernelConfig(new Index3D((int)choice.Blocks, 1, 1), new Index3D(KernelCache.Threads, 1, 1));
        _shape = (TShape)choice.Shape;
        _axes = (TAxes)choice.Axes;
        _sourceGrain = choice.SourceGrain;
        _destinationGrain = choice.DestinationGrain;
        _sourceShift = BitOperations.Log2((uint)_sourceGrain);
        _destinationShift = BitOperations.Log2((uint)_destinationGrain);
        sourceSpan += _sourceGrain > 0 ? 15 : 0;
        destinationSpan += _destinationGrain > 0 ? 15 : 0;
        // Rounded up: the last words of a run may be fewer than a wide word holds. Kernels do not go there with wide words.
        _sourceWords = (sourceSpan + IlgpuInterop.SizeOf<TSource>() - 1) / IlgpuInterop.SizeOf<TSource>();
        _destinationWords = (destinationSpan + IlgpuInterop.SizeOf<TDestination>() - 1) / IlgpuInterop.SizeOf<TDestination>();
    }

    /// <inheritdoc/>
    public override void Execute(AcceleratorStream stream, in DeviceMemory source, in DeviceMemory destination) =>
        Launch(stream, source, destination, _shape);

    /// <inheritdoc/>
    public override void Fill(AcceleratorStream stream, in DeviceMemory destination, V16 pattern)
    {
        if (typeof(TShape) != typeof(FillShape))
            throw new InvalidOperationException("this launch does not fill");
        TShape shape = _shape;
        Unsafe.As<TShape, FillShape>(ref shape).Pattern = pattern;
        Launch(stream, destination, destination, shape);
    }

    private void Launch(AcceleratorStream stream, in DeviceMemory source, in DeviceMemory destination, TShape shape)
    {
        // Where a kernel wants its view on 16 bytes, the view begins that much earlier and the first word moves up.
        long sourceLead = _sourceGrain > 0 ? source.Place & 15 : 0;
        long destinationLead = _destinationGrain > 0 ? destination.Place & 15 : 0;
        shape.Move(sourceLead >> _sourceShift, destinationLead >> _destinationShift);
        _kernel(stream, _config, source.View<TSource>(-sourceLead, _sourceWords), destination.View<TDestination>(-destinationLead, _destinationWords), shape, _axes);
    }
}
