using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Stream numbers: 0 and 1 both mean the legacy default stream, 2 the per-thread one, all else is a handle.</summary>
internal static class CudaStreams
{
    public const nint Legacy = 1;
    public const nint PerThread = 2;

    /// <summary>The number that protocols use: they forbid 0.</summary>
    public static nint ToProtocol(nint stream) => stream == 0 ? Legacy : stream;

    /// <summary>True for the numbers that mean another stream in each context.</summary>
    public static bool IsDefault(nint stream) => stream is 0 or Legacy or PerThread;

    public static bool IsSame(nint first, nint second) => ToProtocol(first) == ToProtocol(second);

    /// <summary>The stream to work on: the one given, or the accelerator's default stream.</summary>
    public static CudaStream Resolve(Accelerator accelerator, AcceleratorStream? stream)
    {
        if (stream is null)
            return (CudaStream)accelerator.DefaultStream;
        if (stream is not CudaStream cuda || cuda.Accelerator != accelerator)
            throw new TensorDeviceException($"the stream belongs to {stream.Accelerator.Name}, this bridge to {accelerator.Name}; make one with CreateStream or WrapStream of this bridge");
        ObjectDisposedException.ThrowIf(cuda.IsDisposed, cuda);
        return cuda;
    }
}
