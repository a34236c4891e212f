using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>An assembly of kernels, loaded on its own and unloadable.</summary>
/// <remarks>
/// A kernel is a public static void method with an ILGPU index first, or, explicitly grouped, with at least one view.
/// Host methods marked <see cref="TensorBridgeExportAttribute"/> stand beside them. Thread-safe.
/// <code>
/// using var module = KernelModule.Load("MyKernels.dll");
/// module.Kernel("MyKernels.Saxpy").Launch(2.0, x, y);
/// </code>
/// </remarks>
public sealed class KernelModule : IDisposable
{
    private readonly ModuleLifetime _lifetime;
    private ModuleKernel[] _kernels = [];
    private Dictionary<string, string> _refused = [];
    private KernelLoadContext? _context;

    private KernelModule(string path)
    {
        FilePath = path;
        _lifetime = new ModuleLifetime(Path.GetFileName(path), TearDown);
        _context = new KernelLoadContext(path);
    }

    /// <summary>The file the module was loaded from.</summary>
    public string FilePath { get; }

    /// <summary>All kernels and exported methods, by name.</summary>
    /// <exception cref="ObjectDisposedException">The module is unloaded.</exception>
    public IReadOnlyList<ModuleKernel> Kernels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_lifetime.IsClosed, this);
            return _kernels;
        }
    }

    internal ModuleBridges Bridges { get; } = new();

    /// <summary>Loads an assembly. Its dependencies are looked for beside it; ILGPU and TensorBridge are always this process's own.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TensorFormatException">The file is no .NET assembly.</exception>
    /// <exception cref="TensorUnsupportedException">A dependency is missing, or the assembly needs another ILGPU.</exception>
    public static KernelModule Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new FileNotFoundException($"there is no kernel assembly '{full}'", full);
        var module = new KernelModule(full);
        try
        {
            module.Read();
            return module;
        }
        catch (BadImageFormatException)
        {
            module.Dispose();
            throw new TensorFormatException($"'{full}' is no .NET assembly");
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>Finds a kernel by its name, its last parts, or the signature that tells overloads apart.</summary>
    /// <param name="name"><c>MyNamespace.MyKernels.Saxpy</c>, or shorter where it is unambiguous.</param>
    /// <exception cref="KeyNotFoundException">No kernel or several have that name; the message lists what there is, or why the method is none.</exception>
    public ModuleKernel Kernel(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ModuleKernel[] found = [.. Kernels.Where(kernel => KernelNames.Matches(kernel.Name, name) || kernel.Signature == name)];
        ModuleKernel[] exact = [.. found.Where(kernel => kernel.Name == name)];
        if (exact.Length == 1 || found.Length == 1)
            return exact.Length == 1 ? exact[0] : found[0];
        throw new KeyNotFoundException(found.Length > 1
            ? $"'{name}' names {found.Length} kernels; give one of: {string.Join("; ", found.Select(kernel => kernel.Signature))}"
            : NotFound(name));
    }

    /// <summary>Unloads the module: at once, or when the kernels that are running have ended.</summary>
    public void Dispose() => _lifetime.Close();

    internal void Enter() => _lifetime.Enter();

    internal void Exit() => _lifetime.Exit();

    private void Read()
    {
        Assembly assembly = _context!.LoadFile(FilePath);
        var kernels = new List<ModuleKernel>();
        foreach (Type type in TypesOf(assembly))
        {
            foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                Add(kernels, method);
        }

        kernels.Sort((a, b) => string.CompareOrdinal(a.Signature, b.Signature));
        _kernels = [.. kernels];
    }

    private void Add(List<ModuleKernel> kernels, MethodInfo method)
    {
        if (method.IsSpecialName || method.DeclaringType!.ContainsGenericParameters)
            return;
        if (method.IsDefined(typeof(TensorBridgeExportAttribute)))
            kernels.Add(new ModuleKernel(this, ExportedMethod.Read(method)));
        else if (KernelMethod.Read(method, out string? reason) is { } kernel)
            kernels.Add(new ModuleKernel(this, new KernelBody(kernel, Bridges)));
        else
            _refused.TryAdd(KernelNames.Of(method), reason!);
    }

    private Type[] TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetExportedTypes();
        }
        catch (Exception failure) when (failure is FileNotFoundException or FileLoadException or TypeLoadException)
        {
            throw new TensorUnsupportedException($"'{FilePath}' cannot be read: {failure.Message}; put its dependencies beside it, and build it against the ILGPU of this process ({typeof(ILGPU.Context).Assembly.GetName().Version})", failure);
        }
    }

    private string NotFound(string name)
    {
        foreach ((string method, string reason) in _refused)
        {
            if (KernelNames.Matches(method, name))
                return $"'{method}' is no kernel: {reason}";
        }

        return $"no kernel '{name}' in {Path.GetFileName(FilePath)}; it has: {string.Join(", ", _kernels.Select(kernel => kernel.Name))}";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TearDown()
    {
        foreach (ModuleKernel kernel in _kernels)
            kernel.Forget();
        _kernels = [];
        _refused = [];
        Bridges.Dispose();
        AssemblyLoadContext? context = Interlocked.Exchange(ref _context, null);
        context?.Unload();
    }
}
