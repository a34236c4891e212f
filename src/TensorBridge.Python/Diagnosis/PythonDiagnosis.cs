using TensorBridge.Accelerators;

namespace TensorBridge.Python;

/// <summary>The checks of the machine together with those of Python and of the native parts.</summary>
public static class PythonDiagnosis
{
    /// <summary>Runs every check. Changes nothing and never throws.</summary>
    /// <param name="python">The interpreter to ask; null for the one that <c>TENSORBRIDGE_PYTHON</c> names, else <c>python3</c>.</param>
    /// <returns>The findings: status, subject, what was seen, and its cure.</returns>
    public static IReadOnlyList<DiagnosisLine> Run(string? python = null) => Diagnosis.Run(
        ("native parts", NativePartsCheck.Look),
        ("Python", () => PythonCheck.Look(python)));
}
