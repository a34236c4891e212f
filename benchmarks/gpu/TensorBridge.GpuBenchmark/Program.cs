using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ILGPU;
using TensorBridge.Accelerators;
using TensorBridge.Accelerators.Kernels;
using TensorBridge.GpuBenchmark;

const int Wrong = 3;
const int NothingToDo = 77;
var format = new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
long begin = Stopwatch.GetTimestamp();
Options options;
BenchmarkCase[] cases;
try
{
    options = Options.Parse(args);
    cases = [.. Cases.Of(options)];
}
catch (FormatException error)
{
    Console.Error.WriteLine($"{error.Message}\n{Options.Usage}");
    return 2;
}

if (options.List is { } list)
{
    File.WriteAllText(list, JsonSerializer.Serialize(cases.Select(CaseFile.From), format));
    Console.WriteLine($"{cases.Length} cases in {list}");
    return 0;
}

if (CudaBridge.DeviceCount == 0)
{
    Console.WriteLine("SKIP: no CUDA device");
    return NothingToDo;
}

using KernelModule? interpreter = options.Interpreter is { } assembly ? KernelModule.Load(assembly) : null;
interpreter?.Kernel("StandIn.Install").Launch();
using CudaBridge bridge = CudaBridge.Create(options: new CudaBridgeOptions { Configure = builder => builder.Profiling() });
using var runner = new CopyRunner(bridge, options);
var measured = new List<Measurement>();
var latencies = new List<LatencyMeasurement>();
int left = cases.Length;
Console.WriteLine($"{bridge.Accelerator.Name}, {options.Payload} bytes, median of {options.Rounds} x {options.Launches} launches");
// First, because it is short: a run that is cut off has it.
foreach (LatencyMeasurement latency in options.Filter.Length == 0 ? runner.Latencies() : [])
{
    latencies.Add(latency);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{latency.Case} of {latency.Bytes} bytes: {latency.EnqueueMicroseconds:0.0} us to enqueue, {latency.DoneMicroseconds:0.0} us until done"));
}

Console.WriteLine($"{"case",-34} {"type",-12} {"ms",8} {"GB/s",8} {"fraction",8} {"target",7}  kernel");
foreach (BenchmarkCase each in cases.TakeWhile(_ => Stopwatch.GetElapsedTime(begin).TotalSeconds < options.Seconds))
{
    Measurement result = Run(each);
    measured.Add(result);
    left--;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Case,-34} {result.Type,-12} {result.Milliseconds,8:0.000} {result.GigabytesPerSecond,8:0} {result.MemcpyFraction,8:0.00} {result.Target,7:0.00}  {result.Kernels} {result.Verdict}"));
    Save();
}

Save();
if (left > 0)
    Console.WriteLine($"time is up: {left} cases were not measured");
return measured.TrueForAll(result => result.Correct) ? 0 : Wrong;

// One case that fails must not keep the others from being measured.
Measurement Run(BenchmarkCase each)
{
    try
    {
        return runner.Run(each);
    }
    catch (Exception error)
    {
        return Measurement.Of(each, error);
    }
}

// After every case, and whole at every moment.
void Save()
{
    var report = new { library = "tensorbridge", device = bridge.Accelerator.Name, mib = options.Payload / (double)(1 << 20), notMeasured = left, copies = measured, latencies };
    File.WriteAllText(options.File + ".new", JsonSerializer.Serialize(report, format));
    File.Move(options.File + ".new", options.File, overwrite: true);
}
