namespace TensorBridge.Accelerators;

/// <summary>Looks at everything that TensorBridge depends on and says what is wrong and how to cure it.</summary>
/// <remarks>Changes nothing, needs no device and no Python, and never throws: a check that fails is itself a finding.</remarks>
public static class Diagnosis
{
    private static readonly (string Subject, Func<IEnumerable<DiagnosisLine>> Look)[] Checks =
    [
        ("platform", PlatformCheck.Look),
        (".NET", RuntimeCheck.Look),
        ("processor", ProcessorCheck.Look),
        ("address space", AddressSpaceCheck.Look),
        ("huge pages", HugePageCheck.Look),
        ("CUDA", CudaCheck.Look),
        ("OpenCL", OpenCLCheck.Look),
    ];

    /// <summary>Runs every check of the machine.</summary>
    /// <param name="further">Checks that other parts add, by subject.</param>
    /// <returns>The findings, in the order of the checks.</returns>
    public static IReadOnlyList<DiagnosisLine> Run(params ReadOnlySpan<(string Subject, Func<IEnumerable<DiagnosisLine>> Look)> further)
    {
        var lines = new List<DiagnosisLine>();
        foreach ((string subject, Func<IEnumerable<DiagnosisLine>> look) in (ReadOnlySpan<(string, Func<IEnumerable<DiagnosisLine>>)>)[.. Checks, .. further])
            lines.AddRange(RunOne(subject, look));
        return lines;
    }

    private static List<DiagnosisLine> RunOne(string subject, Func<IEnumerable<DiagnosisLine>> look)
    {
        try
        {
            return [.. look()];
        }
        catch (Exception error)
        {
            return [DiagnosisLine.Warning(subject, $"could not be looked at: {error.GetType().Name}: {error.Message}", "report this line with the output of 'uname -a'")];
        }
    }
}
