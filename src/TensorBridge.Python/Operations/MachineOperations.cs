using TensorBridge.Accelerators;

namespace TensorBridge.Python.Operations;

/// <summary>What this machine has and lacks.</summary>
internal static class MachineOperations
{
    /// <summary>Findings as (status, subject, finding, cure).</summary>
    [Operation("_doctor(python: str)")]
    public static object? Doctor(OperationArguments arguments) => PythonDiagnosis.Run(arguments.String(0))
        .Select(line => (object?)new object?[] { Word(line.Status), line.Subject, line.Finding, line.Cure }).ToList();

    /// <summary>Devices as (device, kind, name, warp size, most threads of a group, bytes of memory).</summary>
    [Operation("_devices()")]
    public static object? Devices(OperationArguments arguments) => AcceleratorFacts.Find()
        .Select(facts => (object?)new object?[] { facts.Device.ToString(), facts.Kind, facts.Name, facts.WarpSize, facts.MaxThreadsPerGroup, facts.MemoryBytes }).ToList();

    private static string Word(DiagnosisStatus status) => status switch
    {
        DiagnosisStatus.Ok => "ok",
        DiagnosisStatus.Warning => "warning",
        _ => "failure",
    };
}
