namespace TensorBridge.Accelerators;

/// <summary>One finding about the machine.</summary>
/// <param name="Status">How it is.</param>
/// <param name="Subject">What was looked at, in one or two words.</param>
/// <param name="Finding">What was seen.</param>
/// <param name="Cure">What to do about it; null where nothing is to be done.</param>
public sealed record DiagnosisLine(DiagnosisStatus Status, string Subject, string Finding, string? Cure = null)
{
    /// <summary>A finding that is as it should be.</summary>
    public static DiagnosisLine Ok(string subject, string finding) => new(DiagnosisStatus.Ok, subject, finding);

    /// <summary>A finding that costs speed or a device.</summary>
    public static DiagnosisLine Warning(string subject, string finding, string cure) => new(DiagnosisStatus.Warning, subject, finding, cure);

    /// <summary>A finding that keeps something from working.</summary>
    public static DiagnosisLine Failure(string subject, string finding, string cure) => new(DiagnosisStatus.Failure, subject, finding, cure);
}
