using System.CommandLine;
using TensorBridge.Accelerators;
using TensorBridge.Python;

namespace TensorBridge.Cli.Commands;

/// <summary><c>tensorbridge doctor</c>: what TensorBridge depends on, whether it is there, and how to cure what is not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var python = new Option<string?>("--python") { Description = "The interpreter to look at. Default: $TENSORBRIDGE_PYTHON, else python3.", HelpName = "PATH" };
        var command = new Command("doctor", "Check the machine: platform, .NET, processor, native parts, Python, CUDA, OpenCL, limits. Exit code 1 if something cannot work.") { python };
        command.SetAction(parsed => CommandRunner.Run(() => Report(PythonDiagnosis.Run(parsed.GetValue(python)))));
        return command;
    }

    private static int Report(IReadOnlyList<DiagnosisLine> lines)
    {
        int width = lines.Max(line => line.Subject.Length);
        foreach (DiagnosisLine line in lines)
        {
            Console.WriteLine($"{Word(line.Status),-4}  {line.Subject.PadRight(width)}  {line.Finding}");
            if (line.Cure is { } cure)
                Console.WriteLine($"      {new string(' ', width)}  -> {cure}");
        }

        int failures = lines.Count(line => line.Status == DiagnosisStatus.Failure);
        int warnings = lines.Count(line => line.Status == DiagnosisStatus.Warning);
        Console.WriteLine($"\n{failures} failed, {warnings} to look at");
        return failures == 0 ? 0 : 1;
    }

    private static string Word(DiagnosisStatus status) => status switch
    {
        DiagnosisStatus.Ok => "ok",
        DiagnosisStatus.Warning => "warn",
        _ => "FAIL",
    };
}
