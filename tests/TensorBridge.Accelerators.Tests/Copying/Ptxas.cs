using System.Diagnostics;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>NVIDIA's assembler and disassembler, fetched into a cache folder by <c>tests/ptxas/fetch.sh</c>.</summary>
internal static class Ptxas
{
    private static readonly Lazy<(string? Folder, string Missing)> Tools = new(Find);

    /// <summary>Why there is no assembler; empty when there is one.</summary>
    public static string Missing => Tools.Value.Missing;

    /// <summary>Assembles a kernel with <c>-v</c> and returns the assembler's report and the machine code as text.</summary>
    public static (string Report, string MachineCode) Assemble(string ptx, string architecture)
    {
        string file = Path.Combine(Path.GetTempPath(), "tensorbridge-" + Guid.NewGuid().ToString("N"));
        try
        {
            File.WriteAllText(file + ".ptx", ptx);
            string report = Run("ptxas", $"-arch={architecture}", "-v", "--warn-on-spills", "-o", file + ".cubin", file + ".ptx");
            return (report, Run("nvdisasm", "-c", file + ".cubin"));
        }
        finally
        {
            File.Delete(file + ".ptx");
            File.Delete(file + ".cubin");
        }
    }

    /// <summary>Assembles a kernel with <c>-v</c> and returns the assembler's report.</summary>
    public static string Report(string ptx, string architecture)
    {
        string file = Path.Combine(Path.GetTempPath(), "tensorbridge-" + Guid.NewGuid().ToString("N") + ".ptx");
        try
        {
            File.WriteAllText(file, ptx);
            return Run("ptxas", $"-arch={architecture}", "-v", "-o", "/dev/null", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Run(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Tools.Value.Folder!, tool), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string text = output + errors.Result;
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {text}");
        return text;
    }

    private static (string? Folder, string Missing) Find()
    {
        string? script = Up("tests/ptxas/fetch.sh");
        if (script is null)
            return (null, "SKIP: tests/ptxas/fetch.sh is not beside the tests");
        var start = new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? (said, "") : (null, said.Length > 0 ? said : $"SKIP: fetch.sh failed with {process.ExitCode}");
    }

    /// <summary>A file of the repository, searched for from the test's folder upwards.</summary>
    public static string? Up(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, path);
            if (File.Exists(candidate))
                return candidate;
        }
        return null;
    }
}
