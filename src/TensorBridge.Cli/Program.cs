using System.CommandLine;
using TensorBridge.Cli.Commands;

var root = new RootCommand("TensorBridge: Python's arrays in ILGPU kernels, ILGPU's buffers in Python, without a copy.");
root.Subcommands.Add(DevicesCommand.Create());
return root.Parse(args).Invoke();
