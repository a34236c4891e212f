using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>A kernel that ILGPU compiled for one accelerator, the emulator included.</summary>
internal sealed class AcceleratorKernel : IKernelLauncher
{
    private readonly KernelMethod _kernel;
    private readonly AcceleratorBridge _bridge;
    private readonly FrameType _frameType;
    private readonly FramePool _frames;
    private readonly Delegate _launcher;
    private readonly AcceleratorCall _call;
    private readonly GuardedCpuKernel? _guard;

    /// <summary>Compiles the kernel.</summary>
    /// <exception cref="TensorUnsupportedException">ILGPU refuses the kernel.</exception>
    public AcceleratorKernel(KernelMethod kernel, AcceleratorBridge bridge)
    {
        _kernel = kernel;
        _bridge = bridge;
        _frameType = new FrameType(kernel.ParameterTypes);
        _frames = new FramePool(_frameType, bridge);
        Type launcher = AcceleratorCallEmitter.LauncherType(kernel);
        _call = AcceleratorCallEmitter.Emit(kernel, _frameType, launcher);
        (_launcher, _guard) = Load(launcher);
    }

    public AcceleratorBridge? Bridge => _bridge;

    public void Launch(LaunchOptions options, ReadOnlySpan<KernelArgument> arguments)
    {
        KernelFrame frame = _frames.Rent();
        try
        {
            _frameType.Bind(frame, _kernel.Binders, arguments);
            KernelConfig config = default;
            if (_kernel.IndexType is null)
                config = GridRules.Find(_kernel, _bridge, options);
            else
                frame.Space = IndexSpaceRules.Find(_kernel, options, arguments);
            if (_kernel.IndexType is null || frame.Space.Count > 0)
                Start(frame, options, config, arguments);
        }
        finally
        {
            _frames.Return(frame);
        }
    }

    private void Start(KernelFrame frame, LaunchOptions options, KernelConfig config, ReadOnlySpan<KernelArgument> arguments)
    {
        if (_bridge is CudaBridge cuda)
        {
            CudaLaunch.Run(cuda, options, arguments, stream => _call(frame, _launcher, stream, config));
            return;
        }

        AcceleratorStream stream = options.Stream ?? _bridge.Accelerator.DefaultStream;
        if (_guard is null)
            _call(frame, _launcher, stream, config);
        else
            _guard.Launch(() => _call(frame, _launcher, stream, config), options);
        if (options.Stream is null)
            stream.Synchronize();
    }

    // ILGPU's specialised launchers hide their kernels; the emulator gains nothing from them and must be guarded.
    private (Delegate Launcher, GuardedCpuKernel? Guard) Load(Type launcher)
    {
        Accelerator accelerator = _bridge.Accelerator;
        if (_bridge is CudaBridge cuda)
        {
            using CudaScope scope = cuda.Activate();
            return (IlgpuLoader.Load(accelerator, _kernel, launcher), null);
        }

        if (accelerator is not CPUAccelerator)
            return (IlgpuLoader.Load(accelerator, _kernel, launcher), null);
        Kernel kernel = IlgpuLoader.LoadKernel(accelerator, _kernel, PartGuard.Guard(_kernel.Method));
        return (IlgpuLoader.LauncherOf(kernel, launcher), GuardedCpuKernel.Install((CPUKernel)kernel));
    }
}
