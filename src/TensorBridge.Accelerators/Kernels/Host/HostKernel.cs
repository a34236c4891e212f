namespace TensorBridge.Accelerators.Kernels;

/// <summary>A kernel that runs as the compiled C# method itself over its index space, on all cores.</summary>
internal sealed class HostKernel : IKernelLauncher
{
    private readonly KernelMethod _kernel;
    private readonly FrameType _frameType;
    private readonly FramePool _frames;
    private readonly HostLoop _loop;
    private readonly Lazy<HostLoop> _loopOverGivenSpace;
    private readonly LoopPace _pace = new();

    public HostKernel(KernelMethod kernel)
    {
        _kernel = kernel;
        _frameType = new FrameType(kernel.ParameterTypes);
        _frames = new FramePool(_frameType, bridge: null);
        _loop = HostLoopEmitter.Emit(kernel, _frameType, isTensorSpace: true);
        _loopOverGivenSpace = new Lazy<HostLoop>(() => HostLoopEmitter.Emit(kernel, _frameType, isTensorSpace: false));
    }

    public AcceleratorBridge? Bridge => null;

    public void Launch(LaunchOptions options, ReadOnlySpan<KernelArgument> arguments)
    {
        KernelFrame frame = _frames.Rent();
        try
        {
            _frameType.Bind(frame, _kernel.Binders, arguments);
            IndexSpace space = IndexSpaceRules.Find(_kernel, options, arguments);
            frame.Space = space;
            if (space.Count > 0)
                ParallelLoop.Run(options.Extent is null ? _loop : _loopOverGivenSpace.Value, frame, options, _pace, space.Count);
        }
        catch (ViewIndexException fault)
        {
            throw new IndexOutOfRangeException($"argument {fault.Parameter + 1} '{_kernel.Parameters[fault.Parameter].Name}': {fault.Message}", fault);
        }
        finally
        {
            _frames.Return(frame);
        }
    }
}
