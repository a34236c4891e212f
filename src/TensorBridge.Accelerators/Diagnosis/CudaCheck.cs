using System.Globalization;
using System.Runtime.InteropServices;
using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

/// <summary>The CUDA driver, asked directly: which file, which version, which devices, and the name that ILGPU looks for.</summary>
internal static unsafe class CudaCheck
{
    private const string Versioned = "libcuda.so.1";
    private const string Unversioned = "libcuda.so";
    private const int Success = 0;
    private const int NoDevice = 100;
    private const int ComputeCapabilityMajor = 75;
    private const int ComputeCapabilityMinor = 76;
    private const int NameLength = 256;

    public static IEnumerable<DiagnosisLine> Look()
    {
        if (!NativeLibrary.TryLoad(Versioned, out nint driver) && !NativeLibrary.TryLoad("/usr/lib/wsl/lib/" + Versioned, out driver))
            return [MissingDriver()];
        var lines = new List<DiagnosisLine>();
        AskDriver(driver, lines);
        if (!PlatformCheck.IsWindowsSubsystem && !DriverLibrary.Find().IsRedirected)
            lines.Add(DiagnosisLine.Warning("CUDA", $"ILGPU is not redirected to the primary context: libtensorbridge_cuda.so was not found, was switched off ({DriverLibrary.RedirectVariable}=0), or other code set ILGPU's resolver first",
                $"keep the library beside the assemblies or name its folder in {DriverLibrary.FolderVariable}, and use TensorBridge before ILGPU; until then contexts are replaced after creation"));
        if (!NativeLibrary.TryLoad(Unversioned, out _))
            lines.Add(DiagnosisLine.Warning("CUDA", $"{Versioned} is there, {Unversioned} is not: ILGPU by itself looks only for the second name and then lists no device, silently",
                $"CudaBridge redirects the name, so it works as it is; for ILGPU contexts of your own: ln -s {Versioned} {Unversioned} in the driver's folder"));
        return lines;
    }

    private static DiagnosisLine MissingDriver() => HasNvidiaDevice()
        ? DiagnosisLine.Failure("CUDA", $"an NVIDIA device is on the bus, but the loader finds no {Versioned}", "install the NVIDIA driver (Debian: nvidia-driver; in a container: the NVIDIA container toolkit, --gpus all), or add its folder to LD_LIBRARY_PATH")
        : DiagnosisLine.Ok("CUDA", $"no driver ({Versioned}) and no NVIDIA device: only the host is used");

    // Display controllers (class 03) of vendor 10de.
    private static bool HasNvidiaDevice()
    {
        const string Bus = "/sys/bus/pci/devices";
        return Directory.Exists(Bus) && Directory.EnumerateDirectories(Bus).Any(device =>
            Read(device, "vendor") == "0x10de" && Read(device, "class").StartsWith("0x03", StringComparison.Ordinal));

        static string Read(string device, string fact)
        {
            string path = Path.Combine(device, fact);
            return File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
        }
    }

    private static void AskDriver(nint driver, List<DiagnosisLine> lines)
    {
        int version = 0;
        ((delegate* unmanaged<int*, int>)NativeLibrary.GetExport(driver, "cuDriverGetVersion"))(&version);
        string name = string.Create(CultureInfo.InvariantCulture, $"driver for CUDA {version / 1000}.{version % 1000 / 10}");
        int code = ((delegate* unmanaged<uint, int>)NativeLibrary.GetExport(driver, "cuInit"))(0);
        int count = 0;
        if (code == Success)
            code = ((delegate* unmanaged<int*, int>)NativeLibrary.GetExport(driver, "cuDeviceGetCount"))(&count);
        if (code == NoDevice || (code == Success && count == 0))
            lines.Add(DiagnosisLine.Warning("CUDA", $"{name}, but it sees no device", "check CUDA_VISIBLE_DEVICES, the container's devices (--gpus all) and nvidia-smi"));
        else if (code != Success)
            lines.Add(DiagnosisLine.Failure("CUDA", $"{name} does not start: {ErrorName(driver, code)}", "compare nvidia-smi: a driver updated without a restart, or libraries and kernel module of different versions, end like this"));
        else
            lines.Add(DiagnosisLine.Ok("CUDA", $"{name}, {count} device{(count == 1 ? string.Empty : "s")}: {string.Join("; ", Enumerable.Range(0, count).Select(i => DescribeDevice(driver, i)))}"));
    }

    private static string DescribeDevice(nint driver, int ordinal)
    {
        int device = 0;
        if (((delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGet"))(&device, ordinal) != Success)
            return $"{ordinal}: not to be opened";
        byte* name = stackalloc byte[NameLength];
        *name = 0;
        ((delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetName"))(name, NameLength - 1, device);
        nuint memory = 0;
        ((delegate* unmanaged<nuint*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceTotalMem_v2"))(&memory, device);
        return string.Create(CultureInfo.InvariantCulture, $"{ordinal} {Marshal.PtrToStringUTF8((nint)name)}, {memory / (double)(1 << 30):F1} GiB, sm_{Attribute(driver, device, ComputeCapabilityMajor)}{Attribute(driver, device, ComputeCapabilityMinor)}");
    }

    private static int Attribute(nint driver, int device, int attribute)
    {
        int value = 0;
        ((delegate* unmanaged<int*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetAttribute"))(&value, attribute, device);
        return value;
    }

    private static string ErrorName(nint driver, int code)
    {
        byte* name = null;
        if (NativeLibrary.TryGetExport(driver, "cuGetErrorName", out nint get) && ((delegate* unmanaged<int, byte**, int>)get)(code, &name) == Success && name is not null)
            return $"{Marshal.PtrToStringUTF8((nint)name)} ({code})";
        return $"error {code}";
    }
}
