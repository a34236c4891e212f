using System.Globalization;
using System.Text.Json;
using ILGPU;
using TensorBridge.Accelerators;
using TensorBridge.GpuBenchmark;

// TensorBridge.GpuBenchmark [--mib 256] [--launches 20] [--rounds 7] [--filter TEXT] [--out FILE] [--list]
// Copies on one CUDA device: checked against the host, timed by events, as fractions of memcpy. Exit code 1 when a result is wrong.
long mib = long.Parse(Option("--mib", "256"), CultureInfo.InvariantCulture);
int launches = int.Parse(Option("--launches", "20"), CultureInfo.InvariantCulture);
int rounds = int.Parse(Option("--rounds", "7"), CultureInfo.InvariantCulture);
string filter = Option("--filter", "");
string file = Option("--out", "tensorbridge.json");
if (args.Contains("--list"))
{
    foreach (BenchmarkCase each in Cases.All(mib << 20))
        Console.WriteLine($"{each.Name,-34} {each.SourceType,-12} {each.Source}");
    return 0;
}

if (CudaBridge.DeviceCount == 0)
{
    Console.WriteLine("SKIP: no CUDA device");
    return 77;
}

using CudaBridge bridge = CudaBridge.Create(options: new CudaBridgeOptions { Configure = builder => builder.Profiling() });
var runner = new CopyRunner(bridge, launches, rounds);
var measured = new List<Measurement>();
Console.WriteLine($"{bridge.Accelerator.Name}, {mib} MiB, median of {rounds} x {launches} launches");
Console.WriteLine($"{"case",-34} {"type",-12} {"ms",8} {"GB/s",8} {"fraction",8} {"target",7}  kernel");
foreach (BenchmarkCase each in Cases.All(mib << 20).Where(each => $"{each.Name} {each.SourceType}".Contains(filter, StringComparison.OrdinalIgnoreCase)))
{
    Measurement result = runner.Run(each);
    measured.Add(result);
    string mark = !result.Correct ? "WRONG" : result.MemcpyFraction < result.Floor ? "below floor" : result.MemcpyFraction < result.Target ? "below target" : "";
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Case,-34} {result.Type,-12} {result.Milliseconds,8:0.000} {result.GigabytesPerSecond,8:0} {result.MemcpyFraction,8:0.00} {result.Target,7:0.00}  {result.Kernels} {mark}"));
}

LatencyMeasurement[] latencies = filter.Length == 0 ? [.. runner.Latencies()] : [];
foreach (LatencyMeasurement latency in latencies)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{latency.Case} of {latency.Bytes} bytes: {latency.EnqueueMicroseconds:0.0} us to enqueue, {latency.DoneMicroseconds:0.0} us until done"));
var report = new { library = "tensorbridge", device = bridge.Accelerator.Name, mib, copies = measured, latencies };
File.WriteAllText(file, JsonSerializer.Serialize(report, new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase }));
return measured.TrueForAll(result => result.Correct) ? 0 : 1;

string Option(string name, string otherwise)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}
