using System.Diagnostics;

namespace TensorBridge.Tests.Copying;

/// <summary>Asks the NumPy of this machine, where there is one.</summary>
internal static class NumPy
{
    private static readonly Lazy<string?> s_python = new(() => new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(p => TryRun(p, "import numpy", [], out _)));

    /// <summary>Runs a script that reads standard input as <c>data</c> and writes bytes to <c>out</c>. Skips the test without NumPy.</summary>
    public static byte[] Run(string script, byte[] input)
    {
        Assert.SkipWhen(s_python.Value is null, "no Python with NumPy on this machine");
        string whole = "import sys, warnings, numpy as np\nwarnings.simplefilter('ignore')\ndata = sys.stdin.buffer.read()\nout = sys.stdout.buffer\n" + script;
        Assert.True(TryRun(s_python.Value, whole, input, out byte[] output), "the NumPy script failed");
        return output;
    }

    private static bool TryRun(string? python, string script, byte[] input, out byte[] output)
    {
        output = [];
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python!, ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            Task feed = Task.Run(() =>
            {
                process.StandardInput.BaseStream.Write(input);
                process.StandardInput.Close();
            });
            using var memory = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(memory);
            process.WaitForExit();
            feed.Wait();
            output = memory.ToArray();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
