namespace TensorBridge.Accelerators;

/// <summary>How the work of a producer and of a consumer on different streams is ordered.</summary>
public enum CudaStreamPolicy
{
    /// <summary>By an event that the later stream waits for; the host never waits. The default.</summary>
    EventOrdered,

    /// <summary>The host waits until the earlier stream is done.</summary>
    Synchronize,

    /// <summary>Not at all: the caller has seen to it.</summary>
    CallersDuty,
}
