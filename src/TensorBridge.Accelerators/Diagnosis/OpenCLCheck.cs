using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators;

/// <summary>The OpenCL loader and its platforms, and the name that ILGPU looks for.</summary>
internal static unsafe class OpenCLCheck
{
    private const string Versioned = "libOpenCL.so.1";
    private const string Unversioned = "libOpenCL.so";
    private const int NoPlatforms = -1001;

    public static IEnumerable<DiagnosisLine> Look()
    {
        bool hasUnversioned = NativeLibrary.TryLoad(Unversioned, out nint loader);
        if (!hasUnversioned && !NativeLibrary.TryLoad(Versioned, out loader))
        {
            yield return DiagnosisLine.Ok("OpenCL", "no loader installed: OpenCL devices are not used");
            yield break;
        }

        yield return Platforms(loader);
        if (!hasUnversioned)
            yield return DiagnosisLine.Warning("OpenCL", $"{Versioned} is there, {Unversioned} is not: ILGPU by itself looks only for the second name and then lists no device, silently",
                "install the link (Debian: ocl-icd-opencl-dev)");
    }

    private static DiagnosisLine Platforms(nint loader)
    {
        uint count = 0;
        int code = ((delegate* unmanaged<uint, nint*, uint*, int>)NativeLibrary.GetExport(loader, "clGetPlatformIDs"))(0, null, &count);
        return code is not (0 or NoPlatforms)
            ? DiagnosisLine.Warning("OpenCL", $"the loader answers with error {code}", "look at the vendors' files in /etc/OpenCL/vendors")
            : DiagnosisLine.Ok("OpenCL", $"loader with {count} platform{(count == 1 ? string.Empty : "s")}");
    }
}
