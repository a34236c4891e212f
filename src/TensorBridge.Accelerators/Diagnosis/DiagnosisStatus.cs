namespace TensorBridge.Accelerators;

/// <summary>How a check of the machine came out.</summary>
public enum DiagnosisStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>TensorBridge runs, but slower than it could or without a device; the line says the cure.</summary>
    Warning,

    /// <summary>Something of TensorBridge cannot work; the line says the cure.</summary>
    Failure,
}
