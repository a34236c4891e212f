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

    private static int List()
    {
        using Context context = Context.Create(builder => builder.AllAccelerators());
        foreach (ILGPU.Runtime.Device device in context)
        {
            Console.WriteLine($"{device.AcceleratorType,-7} {device.Name}");
            Console.WriteLine($"        warp {device.WarpSize}, at most {device.MaxNumThreadsPerGroup} threads a group, {device.MemorySize / (1024.0 * 1024 * 1024):F1} GiB");
        }

        return 0;
    }
}
