using System.Reflection;
using System.Runtime.Loader;
using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Loads one kernel assembly and what stands beside it; can be unloaded.</summary>
/// <remarks>
/// ILGPU and TensorBridge always come from the context that this library itself is in: a second copy would make every
/// view type a different type of the same name. Files are read, not mapped, so they can be rebuilt while loaded.
/// </remarks>
internal sealed class KernelLoadContext : AssemblyLoadContext
{
    private static readonly string[] Shared = ["ILGPU", "ILGPU.Algorithms", "TensorBridge", "TensorBridge.Accelerators", "TensorBridge.Python"];

    private readonly string _folder;
    private readonly AssemblyDependencyResolver _resolver;

    public KernelLoadContext(string path)
        : base(Path.GetFileNameWithoutExtension(path), isCollectible: true)
    {
        _folder = Path.GetDirectoryName(path)!;
        _resolver = new AssemblyDependencyResolver(path);
    }

    /// <summary>Loads an assembly, with its symbols when they are beside it.</summary>
    public Assembly LoadFile(string path)
    {
        using var assembly = new MemoryStream(File.ReadAllBytes(path));
        string symbols = Path.ChangeExtension(path, ".pdb");
        if (!File.Exists(symbols))
            return LoadFromStream(assembly);
        using var symbolStream = new MemoryStream(File.ReadAllBytes(symbols));
        return LoadFromStream(assembly, symbolStream);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Shared.Contains(assemblyName.Name))
            return Own(assemblyName.Name!);
        string? path = _resolver.ResolveAssemblyToPath(assemblyName);
        if (path is null && assemblyName.Name is { } name)
        {
            string beside = Path.Combine(_folder, name + ".dll");
            path = File.Exists(beside) ? beside : null;
        }

        return path is null ? null : LoadFile(path);
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    // By name alone: a kernel built against another build of these runs against ours or fails by a missing member.
    private static Assembly Own(string name) => name switch
    {
        "ILGPU" => typeof(Context).Assembly,
        "TensorBridge" => typeof(TensorHandle).Assembly,
        "TensorBridge.Accelerators" => typeof(KernelModule).Assembly,
        _ => (GetLoadContext(typeof(KernelModule).Assembly) ?? Default).LoadFromAssemblyName(new AssemblyName(name)),
    };
}
