using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>
/// Finds the CUDA driver, once, before ILGPU touches it. ILGPU's import <c>cuda</c> is answered by our redirect
/// library, which keeps ILGPU in the primary context and finds <c>libcuda.so.1</c>; ILGPU by itself looks only for
/// <c>libcuda.so</c>, which many machines lack.
/// </summary>
internal sealed class DriverLibrary
{
    /// <summary>The import name of our own bindings.</summary>
    public const string Name = "tensorbridge_cuda_driver";

    /// <summary>Set to <c>0</c> to do without the redirect library.</summary>
    public const string RedirectVariable = "TENSORBRIDGE_CUDA_REDIRECT";

    /// <summary>A folder to look for the redirect library in, before all others.</summary>
    public const string FolderVariable = "TENSORBRIDGE_NATIVE";

    private const string RedirectFile = "libtensorbridge_cuda.so";
    private const string DriverFile = "libcuda.so.1";

    private static readonly Lock Gate = new();
    private static DriverLibrary? s_loaded;

    private readonly nint _handle;
    private readonly nint _openCl;
    private bool _isInitialized;

    private DriverLibrary(nint handle, nint openCl, bool isRedirect, string missing)
    {
        _handle = handle;
        _openCl = openCl;
        IsRedirected = isRedirect;
        Missing = missing;
    }

    /// <summary>Whether ILGPU's contexts are the primary ones by themselves.</summary>
    public bool IsRedirected { get; }

    /// <summary>What was looked for in vain; empty when the driver is there.</summary>
    public string Missing { get; }

    /// <summary>Whether a driver was found.</summary>
    public bool IsPresent => _handle != 0;

    /// <summary>The driver, initialised.</summary>
    /// <exception cref="TensorDeviceException">There is no driver, or it does not start.</exception>
    public static DriverLibrary Load()
    {
        DriverLibrary library = Find();
        if (!library.IsPresent)
            throw new TensorDeviceException($"no CUDA driver: {library.Missing}; install the NVIDIA driver, or use HostBridge");
        if (!library._isInitialized)
            DriverContexts.Initialize(0).ThrowIfFailed("cuInit");
        library._isInitialized = true;
        return library;
    }

    /// <summary>Looks for the driver and installs the resolvers. Never throws: the answer says what is missing.</summary>
    public static DriverLibrary Find()
    {
        if (Volatile.Read(ref s_loaded) is { } loaded)
            return loaded;
        lock (Gate)
            return s_loaded ??= Install();
    }

    private static DriverLibrary Install()
    {
        DriverLibrary library = Open(Environment.GetEnvironmentVariable(RedirectVariable) != "0" && !IsWindowsSubsystem());
        // Where ILGPU talks to the plain driver we must too: the redirect's contexts are not what they seem.
        if (IsWindowsSubsystem() || !TrySetIlgpuResolver(library))
            library = Open(redirect: false);
        NativeLibrary.SetDllImportResolver(typeof(DriverLibrary).Assembly, (name, _, _) => name == Name ? library._handle : 0);
        return library;
    }

    private static DriverLibrary Open(bool redirect)
    {
        nint openCl = NativeLibrary.TryLoad("libOpenCL.so", out nint found) || NativeLibrary.TryLoad("libOpenCL.so.1", out found) ? found : 0;
        if (redirect && TryOpenRedirect(out nint handle))
            return new DriverLibrary(handle, openCl, isRedirect: true, string.Empty);
        if (TryOpenDriver(out handle))
            return new DriverLibrary(handle, openCl, isRedirect: false, string.Empty);
        return new DriverLibrary(0, openCl, isRedirect: false, $"{DriverFile} was not found by the loader");
    }

    private static bool TryOpenRedirect(out nint handle)
    {
        foreach (string folder in Folders())
        {
            string path = Path.Combine(folder, RedirectFile);
            if (File.Exists(path) && NativeLibrary.TryLoad(path, out handle))
                return true;
        }

        handle = 0;
        return false;
    }

    private static bool TryOpenDriver(out nint handle) =>
        NativeLibrary.TryLoad(DriverFile, out handle) || NativeLibrary.TryLoad("/usr/lib/wsl/lib/" + DriverFile, out handle);

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
            yield return folder;
        string beside = AssemblyFolder();
        yield return beside;
        yield return Path.Combine(beside, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        yield return Path.Combine(beside, "runtimes", "linux-x64", "native");
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "A single file has no assembly folder; its base folder is the right one then.")]
    private static string AssemblyFolder() => Path.GetDirectoryName(typeof(DriverLibrary).Assembly.Location) is { Length: > 0 } folder
        ? folder
        : AppContext.BaseDirectory;

    // One resolver per assembly is all .NET allows. Whoever was first, ILGPU itself on WSL included, keeps it.
    private static bool TrySetIlgpuResolver(DriverLibrary library)
    {
        Assembly ilgpu = typeof(Context).Assembly;
        try
        {
            NativeLibrary.SetDllImportResolver(ilgpu, (name, _, _) => name switch
            {
                "cuda" => library._handle,
                "OpenCL" or "opencl" => library._openCl,
                _ => 0,
            });
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsWindowsSubsystem() => Directory.Exists("/usr/lib/wsl/lib");
}
