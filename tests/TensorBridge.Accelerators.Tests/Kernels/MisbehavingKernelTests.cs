using System.Diagnostics;
using TensorBridge.Accelerators.Kernels;

namespace TensorBridge.Accelerators.Tests.Kernels;

/// <summary>Kernels that would end the process, each in a process of its own: it must live, and say what happened.</summary>
public sealed class MisbehavingKernelTests
{
    private const string Bounds = "IndexOutOfRangeException";

    public static TheoryData<string, KernelEngine, long[], string> Cases
    {
        get
        {
            var cases = new TheoryData<string, KernelEngine, long[], string>();
            foreach (KernelEngine engine in new[] { KernelEngine.Host, KernelEngine.Emulator })
            {
                cases.Add("Poke", engine, [-1], Bounds);
                cases.Add("Poke", engine, [int.MinValue], Bounds);
                cases.Add("Poke", engine, [1], Bounds);
                cases.Add("Poke", engine, [1_000_000_000], Bounds);
                cases.Add("Part", engine, [0, 65], Bounds);
                cases.Add("Part", engine, [-1, 65], Bounds);
                cases.Add("Part", engine, [60, 32], Bounds);
                cases.Add("Part", engine, [0, -1], Bounds);
                cases.Add("Part", engine, [long.MaxValue, long.MaxValue], Bounds);
                cases.Add("Part", engine, [1, long.MaxValue], Bounds);
                cases.Add("Part", engine, [60, long.MaxValue], Bounds);
                cases.Add("Part", engine, [long.MaxValue, 1], Bounds);
                cases.Add("Part", engine, [long.MinValue, 1], Bounds);
                cases.Add("Part", engine, [0, 64], "no error");
                cases.Add("PartByHelpers", engine, [1, long.MaxValue], Bounds);
                cases.Add("PartByHelpers", engine, [0, 64], "no error");
                cases.Add("Part2D", engine, [1, long.MaxValue], Bounds);
                cases.Add("Part2D", engine, [0, 9], Bounds);
                cases.Add("Part2D", engine, [0, 8], "no error");
                cases.Add("Poke2D", engine, [0, 1], Bounds);
                cases.Add("Poke2D", engine, [-1, 0], Bounds);
                cases.Add("Divide", engine, [0], "DivideByZeroException");
                cases.Add("Poke", engine, [0], "no error");
            }

            cases.Add("PassesOn", KernelEngine.Host, [-1], Bounds);
            cases.Add("PassesOn", KernelEngine.Host, [64], Bounds);
            cases.Add("PartOfShared", KernelEngine.Auto, [1, long.MaxValue], Bounds);
            cases.Add("PartOfShared", KernelEngine.Auto, [0, 64], "no error");
            cases.Add("FailBeforeBarrier", KernelEngine.Auto, [0], Bounds);
            cases.Add("FailBeforeBarrier", KernelEngine.Auto, [63], Bounds);
            cases.Add("FailBeforeBarrier", KernelEngine.Auto, [64], "no error");
            cases.Add("FailBeforeShuffle", KernelEngine.Auto, [5], Bounds);
            cases.Add("FailBeforeShuffle", KernelEngine.Auto, [40], Bounds);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task TheProcessLives(string kernel, KernelEngine engine, long[] numbers, string expected)
    {
        (string output, int code) = await RunProbe(["MyKernels." + kernel, engine.ToString(), .. numbers.Select(number => number.ToString())]);
        Assert.Contains(expected, output);
        Assert.EndsWith("alive", output.TrimEnd());
        Assert.Equal(0, code);
    }

    private static async Task<(string Output, int Code)> RunProbe(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Samples.Probe, Samples.Kernels, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (await errors + output, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
