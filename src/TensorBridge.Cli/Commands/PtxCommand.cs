using System.CommandLine;
using TensorBridge.Accelerators.Copying;

namespace TensorBridge.Cli.Commands;

/// <summary><c>tensorbridge ptx DIR</c>: the code of the copy kernels, as the CUDA driver gets it. Needs no GPU.</summary>
internal static class PtxCommand
{
    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo>("directory") { Description = "Where the files go; made if it is missing." };
        var architecture = new Option<string>("--arch") { Description = "The architecture to write for.", DefaultValueFactory = _ => KernelListing.DefaultArchitecture };
        var command = new Command("ptx", "Write the PTX of every copy kernel, one file each.");
        command.Arguments.Add(directory);
        command.Options.Add(architecture);
        command.SetAction(parsed => CommandRunner.Run(() => Write(parsed.GetRequiredValue(directory), parsed.GetRequiredValue(architecture))));
        return command;
    }

    private static int Write(DirectoryInfo directory, string architecture)
    {
        IReadOnlyList<string> files = KernelListing.Write(directory.FullName, architecture);
        Console.WriteLine($"{files.Count} kernels for {architecture} in {directory.FullName}");
        return 0;
    }
}
