using System.Reflection;
using System.Runtime.InteropServices;
using TensorBridge.Python.EntryPoints;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Hosting;

/// <summary>The Python package that comes with this assembly, and the core library inside it.</summary>
internal static unsafe class PythonPackage
{
    private const string Library = "libtensorbridge.so";

    /// <summary>The folder to put on Python's path.</summary>
    /// <exception cref="FileNotFoundException">The package or its native part is missing.</exception>
    public static string Find(string? explicitPath)
    {
        string[] candidates = explicitPath is not null ? [explicitPath] : [.. DefaultFolders().Distinct(StringComparer.Ordinal)];
        foreach (string folder in candidates)
        {
            string package = Path.Combine(folder, "tensorbridge");
            if (!File.Exists(Path.Combine(package, "__init__.py")))
                continue;
            foreach (string name in (ReadOnlySpan<string>)[Library, "_core.abi3.so"])
            {
                if (!File.Exists(Path.Combine(package, name)))
                    throw new FileNotFoundException($"the Python package in {package} lacks its native part {name}: build it with ./build.sh build");
            }

            return Path.GetFullPath(folder);
        }

        throw new FileNotFoundException($"the Python package tensorbridge is in none of: {string.Join(", ", candidates)}; build it with ./build.sh build, or give its folder in PythonOptions.PackagePath");
    }

    /// <summary>Loads the core library and registers this process's managed functions, so that the module starts no second runtime.</summary>
    public static void LoadCore(string folder)
    {
        if (NativeCore.IsLoaded)
            return;
        string path = Path.Combine(folder, "tensorbridge", Library);
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new FileNotFoundException($"{path} cannot be loaded: {exception.Message}", exception);
        }

        var native = (delegate* unmanaged<NativeApi*>)NativeLibrary.GetExport(library, "tb_native");
        ManagedTable.Register(native());
    }

    private static IEnumerable<string> DefaultFolders()
    {
        yield return Path.Combine(AppContext.BaseDirectory, "python");
        string? assembly = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        if (string.IsNullOrEmpty(assembly))
            yield break;
        yield return Path.Combine(assembly, "python");

        // Inside the package itself: …/tensorbridge/managed/TensorBridge.Python.dll.
        yield return Path.GetFullPath(Path.Combine(assembly, "..", ".."));
    }
}
