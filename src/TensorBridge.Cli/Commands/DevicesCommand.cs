using System.CommandLine;
using ILGPU;
using ILGPU.Runtime;

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

    // The CPU accelerator states no size: its memory is the process's.
    private static string Memory(ILGPU.Runtime.Device device) => device.AcceleratorType == AcceleratorType.CPU
        ? string.Empty
        : $", {device.MemorySize / (1024.0 * 1024 * 1024):F1} GiB";

    private static int List()
    {
        using Context context = Context.Create(builder => builder.AllAccelerators());
        foreach (ILGPU.Runtime.Device device in context)
        {
            Console.WriteLine($"{device.AcceleratorType,-7} {device.Name}");
            Console.WriteLine($"        warp {device.WarpSize}, at most {device.MaxNumThreadsPerGroup} threads a group{Memory(device)}");
        }

        return 0;
    }
}
