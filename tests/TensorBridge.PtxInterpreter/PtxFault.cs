namespace TensorBridge.PtxInterpreter;

/// <summary>What a kernel did wrong, with the result code that a driver would report for it.</summary>
public sealed class PtxFault(string message, int code) : Exception(message)
{
    public const int InvalidPtx = 218;
    public const int IllegalAddress = 700;
    public const int Timeout = 702;
    public const int MisalignedAddress = 716;
    public const int LaunchFailed = 719;

    public int Code { get; } = code;
}
