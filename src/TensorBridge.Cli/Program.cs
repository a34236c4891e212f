using System.CommandLine;
using TensorBridge.Cli.Commands;

var root = new RootCommand("TensorBridge: Python's arrays in ILGPU kernels, ILGPU's buffers in Python, without a copy.");
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(DevicesCommand.Create());
root.Subcommands.Add(DoctorCommand.Create());
root.Subcommands.Add(InspectCommand.Create());
root.Subcommands.Add(ConvertCommand.Create());
root.Subcommands.Add(ExplainCommand.Create());
root.Subcommands.Add(PtxCommand.Create());
return root.Parse(args).Invoke();
