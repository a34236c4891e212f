using System.CommandLine;
using System.Globalization;
using TensorBridge.Accelerators;

namespace TensorBridge.Cli.Commands;

/// <summary><c>tensorbridge devices</c>: what ILGPU can run kernels on here.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var command = new Command("devices", "List the accelerators that ILGPU finds on this machine.");
        command.SetAction(_ => CommandRunner.Run(List));
        return command;
    }

    private static int List()
    {
        foreach (AcceleratorFacts device in AcceleratorFacts.Find())
        {
            string memory = device.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", {bytes / (1024.0 * 1024 * 1024):F1} GiB") : string.Empty;
            Console.WriteLine($"{device.Device,-9} {device.Kind,-7} {device.Name}");
            Console.WriteLine($"          warp {device.WarpSize}, at most {device.MaxThreadsPerGroup} threads a group{memory}");
        }

        return 0;
    }
}
