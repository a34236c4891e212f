namespace TensorBridge.Accelerators.Tests.Kernels;

/// <summary>Where the sample assemblies are: beside this one, in their own folders.</summary>
internal static class Samples
{
    public static string Kernels => PathOf("TensorBridge.SampleKernels");

    public static string Probe => PathOf("TensorBridge.KernelProbe");

    // artifacts/dotnet/bin/<project>/<configuration>/
    private static string PathOf(string project)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(folder.Parent!.Parent!.FullName, project, folder.Name, project + ".dll");
    }
}
