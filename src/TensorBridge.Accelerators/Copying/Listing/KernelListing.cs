using System.Globalization;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The PTX of the copy kernels, as ILGPU hands it to the CUDA driver. Needs neither a GPU nor a driver.</summary>
public static class KernelListing
{
    /// <summary>The architecture that listings are made for when none is named.</summary>
    public const string DefaultArchitecture = "sm_80";

    /// <summary>Names of all kernels, for example <c>Tile4</c> or <c>RowsCastFloat32ToFloat16</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. KernelEntries.All.Select(entry => entry.Name)];

    /// <summary>Writes the PTX of every kernel to a file of its own.</summary>
    /// <param name="directory">Where the files go; made if it is missing.</param>
    /// <param name="architecture">The target, as <c>sm_80</c>.</param>
    /// <returns>The files written, in the order of <see cref="Names"/>.</returns>
    /// <exception cref="ArgumentException">The architecture is not written as <c>sm_</c> and two or three digits.</exception>
    public static IReadOnlyList<string> Write(string directory, string architecture = DefaultArchitecture)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        CudaArchitecture target = Parse(architecture);
        Directory.CreateDirectory(directory);
        var files = new List<string>();
        foreach (KernelEntry entry in KernelEntries.All)
        {
            string file = Path.Combine(directory, entry.Name + ".ptx");
            File.WriteAllText(file, Compile(entry, target));
            files.Add(file);
        }
        return files;
    }

    /// <summary>The PTX of one kernel.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="architecture">The target, as <c>sm_80</c>.</param>
    /// <exception cref="ArgumentException">There is no such kernel, or the architecture is malformed.</exception>
    public static string Ptx(string name, string architecture = DefaultArchitecture)
    {
        KernelEntry entry = KernelEntries.All.FirstOrDefault(each => each.Name == name)
            ?? throw new ArgumentException($"no kernel is named {name}; there are {string.Join(", ", Names)}", nameof(name));
        return Compile(entry, Parse(architecture));
    }

    /// <summary>The PTX of a kernel that need not be in the list.</summary>
    internal static string Ptx(KernelEntry entry, string architecture) => Compile(entry, Parse(architecture));

    /// <summary>Each kernel gets a context of its own: one that fails to compile can spoil its context for the next.</summary>
    private static string Compile(KernelEntry entry, CudaArchitecture target)
    {
        using Context context = Context.Create(builder => builder.CPU(new CPUDevice(32, 8, 1)).Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(context, target, CudaInstructionSet.ISA_84, null!);
        var kernel = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(entry.Method), KernelCache.Specialization);
        return kernel.PTXAssembly;
    }

    private static CudaArchitecture Parse(string architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        if (!architecture.StartsWith("sm_", StringComparison.Ordinal) || architecture.Length is < 5 or > 6
            || !int.TryParse(architecture.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            throw new ArgumentException($"expected an architecture such as sm_80, got '{architecture}'", nameof(architecture));
        return new CudaArchitecture(number / 10, number % 10);
    }
}
