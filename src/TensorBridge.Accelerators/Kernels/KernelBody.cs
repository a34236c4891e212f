namespace TensorBridge.Accelerators.Kernels;

/// <summary>A kernel: picks the engine from where the data is, compiles once per engine, launches.</summary>
internal sealed class KernelBody : IKernelBody
{
    private readonly KernelMethod _kernel;
    private readonly ModuleBridges _bridges;
    private readonly Dictionary<AcceleratorBridge, AcceleratorKernel> _compiled = [];
    private readonly Lock _gate = new();
    private readonly bool _hasDense;
    private HostKernel? _host;

    public KernelBody(KernelMethod kernel, ModuleBridges bridges)
    {
        _kernel = kernel;
        _bridges = bridges;
        _hasDense = kernel.Parameters.Any(parameter => parameter.IsDense);
        Signature = kernel.Signature;
        HostEngineRefusal = ElementWise.Refusal(kernel);
    }

    public string Name => _kernel.Name;

    public string Signature { get; }

    public bool IsExplicitlyGrouped => _kernel.IndexType is null;

    public string? HostEngineRefusal { get; }

    public IReadOnlyList<KernelParameter> Parameters => _kernel.Parameters;

    public object? Run(LaunchOptions options, ReadOnlySpan<KernelArgument> arguments)
    {
        if (_kernel.IndexType is not null && (options.Grid ?? options.Group) is not null)
            throw new TensorLayoutException($"{Name} takes an index, so it is launched over an extent, not by grid and group");
        IKernelLauncher launcher = Launcher(options, DataDevice.Of(_kernel, arguments));
        try
        {
            if (_hasDense)
                DenseArguments.Launch(launcher, _kernel, options, arguments);
            else
                launcher.Launch(options, arguments);
            return null;
        }
        catch (IndexOutOfRangeException fault)
        {
            throw new IndexOutOfRangeException($"{Name}: {fault.Message}", fault);
        }
    }

    private IKernelLauncher Launcher(LaunchOptions options, Device device)
    {
        if (options.Accelerator is { } accelerator)
            return accelerator.CanReach(device)
                ? Compiled(accelerator)
                : throw new TensorDeviceException($"the accelerator given works on {accelerator.Device}, the tensors of {Name} are on {device}");
        if (options.Device is { } wanted)
            device = Redirected(device, wanted);
        if (device.IsHostAccessible && UsesHostEngine(options.Engine))
            return _host ?? CompileForHost();
        return Compiled(_bridges.For(device));
    }

    private Device Redirected(Device data, Device wanted) =>
        DataDevice.IsReachable(wanted, data)
            ? wanted
            : throw new TensorDeviceException($"the tensors of {Name} are on {data}, which {wanted} does not reach; copy them there first");

    private bool UsesHostEngine(KernelEngine engine)
    {
        if (engine == KernelEngine.Host && HostEngineRefusal is not null)
            throw new TensorUnsupportedException($"{Name} cannot run on the host engine: {HostEngineRefusal}");
        return engine != KernelEngine.Emulator && HostEngineRefusal is null;
    }

    private HostKernel CompileForHost()
    {
        lock (_gate)
            return _host ??= new HostKernel(_kernel);
    }

    private AcceleratorKernel Compiled(AcceleratorBridge bridge)
    {
        lock (_gate)
        {
            if (_compiled.TryGetValue(bridge, out AcceleratorKernel? kernel))
                return kernel;
            try
            {
                kernel = new AcceleratorKernel(_kernel, bridge);
            }
            catch (TensorUnsupportedException)
            {
                _bridges.Abandon(bridge);
                throw;
            }

            _compiled.Add(bridge, kernel);
            return kernel;
        }
    }
}
