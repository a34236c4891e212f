using System.Runtime.CompilerServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>One kernel, or exported host method, of a <see cref="KernelModule"/>. Thread-safe.</summary>
public sealed class ModuleKernel
{
    private readonly KernelModule _module;
    private IKernelBody? _body;

    internal ModuleKernel(KernelModule module, IKernelBody body)
    {
        _module = module;
        _body = body;
        Name = body.Name;
        Signature = body.Signature;
        IsExplicitlyGrouped = body.IsExplicitlyGrouped;
        IsHostMethod = body is ExportedMethod;
        HostEngineRefusal = body.HostEngineRefusal;
    }

    /// <summary>Namespace, type and method.</summary>
    public string Name { get; }

    /// <summary>The name with the parameters and what each takes.</summary>
    public string Signature { get; }

    /// <summary>True when a launch needs <see cref="LaunchOptions.Grid"/> and <see cref="LaunchOptions.Group"/>.</summary>
    public bool IsExplicitlyGrouped { get; }

    /// <summary>True for a method marked <see cref="TensorBridgeExportAttribute"/>.</summary>
    public bool IsHostMethod { get; }

    /// <summary>Why the host engine does not run this kernel on host memory, or null when it does.</summary>
    public string? HostEngineRefusal { get; }

    /// <summary>The parameters, without the index.</summary>
    /// <exception cref="ObjectDisposedException">The module is unloaded.</exception>
    public IReadOnlyList<KernelParameter> Parameters => Body.Parameters;

    private IKernelBody Body
    {
        get
        {
            IKernelBody? body = _body;
            ObjectDisposedException.ThrowIf(body is null, this);
            return body;
        }
    }

    /// <summary>Runs the kernel on its arguments, in place, where their memory is.</summary>
    /// <inheritdoc cref="Launch(LaunchOptions, ReadOnlySpan{KernelArgument})"/>
    public object? Launch(params ReadOnlySpan<KernelArgument> arguments) => Launch(LaunchOptions.Default, arguments);

    /// <summary>Runs the kernel on its arguments, in place, where their memory is.</summary>
    /// <param name="options">What the arguments do not say.</param>
    /// <param name="arguments">One per parameter, the index not counted.</param>
    /// <returns>What an exported host method returns; null for a kernel. A returned tensor is the caller's to dispose.</returns>
    /// <exception cref="TensorFormatException">The number of arguments is wrong, or one has the wrong type.</exception>
    /// <exception cref="TensorLayoutException">A tensor's element type, shape, layout or read-only mark does not fit, or the index space is not clear.</exception>
    /// <exception cref="TensorDeviceException">The tensors are on different devices, or on one without an accelerator.</exception>
    /// <exception cref="TensorUnsupportedException">ILGPU cannot compile the kernel for the device.</exception>
    /// <exception cref="OverflowException">A number is out of its parameter's range.</exception>
    /// <exception cref="IndexOutOfRangeException">The kernel read or wrote outside a view, on the host.</exception>
    /// <exception cref="OperationCanceledException">The launch was cancelled; the chunks that had run have written.</exception>
    /// <exception cref="ObjectDisposedException">The module is unloaded, or a tensor disposed.</exception>
    public object? Launch(LaunchOptions options, params ReadOnlySpan<KernelArgument> arguments)
    {
        ArgumentNullException.ThrowIfNull(options);
        _module.Enter();
        try
        {
            IKernelBody body = Body;
            CheckCount(body, arguments.Length);
            return body.Run(options, arguments);
        }
        finally
        {
            KeepAlive(arguments);
            _module.Exit();
        }
    }

    /// <summary>The signature.</summary>
    public override string ToString() => Signature;

    internal void Forget() => _body = null;

    // The engines work on addresses: a tensor that the caller does not use again must not be finalized meanwhile.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void KeepAlive(ReadOnlySpan<KernelArgument> arguments) => _ = arguments.Length;

    private static void CheckCount(IKernelBody body, int count)
    {
        if (count != body.Parameters.Count)
            throw new TensorFormatException($"{body.Signature} takes {body.Parameters.Count} arguments, got {count}", isWrongType: true);
    }
}
