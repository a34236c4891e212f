// Times the host engine, TensorSpan and the C library's memcpy on the case list, interleaved round by round in one process.
//   TensorBridge.Peers CASES OUT.jsonl [--filter TEXT] [--sizes SML T] [--threads 1,2] [--no-fresh] [--no-tensorspan] [--set Avx2] [--pages small] [--shift BYTES]
using TensorBridge.Peers;

Options options = Options.Parse(args);
if (options.InstructionSet is { } set)
    AppContext.SetData("TensorBridge.HostInstructionSet", set);
using StreamWriter output = File.CreateText(options.Output);
foreach (string line in File.ReadLines(options.Cases))
{
    Case one = Case.Parse(line);
    if (!options.Wants(one))
        continue;
    using var problem = new Problem(one, options);
    problem.Time();
    problem.Report(output);
}
