using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Turns result codes into exceptions that carry the driver's own name and text.</summary>
internal static class DriverCheck
{
    /// <summary>Throws unless the call succeeded.</summary>
    /// <param name="result">What the driver answered.</param>
    /// <param name="call">The entry point, as the driver's documentation writes it.</param>
    /// <param name="subject">What the call was about: an address, a stream, a size.</param>
    public static void ThrowIfFailed(this CudaResult result, string call, string? subject = null)
    {
        if (result != CudaResult.Success)
            Throw(result, call, subject);
    }

    /// <summary>The driver's name and text of a code: <c>CUDA_ERROR_OUT_OF_MEMORY (2): out of memory</c>.</summary>
    public static string Describe(CudaResult result)
    {
        string number = ((int)result).ToString(CultureInfo.InvariantCulture);
        return $"{Name(result) ?? "unknown error"} ({number}): {Text(result) ?? "the driver has no text for it"}";
    }

    [DoesNotReturn]
    private static void Throw(CudaResult result, string call, string? subject) =>
        throw new TensorDeviceException($"{call}{(subject is null ? string.Empty : $" of {subject}")} failed with {Describe(result)}{WayOut(result)}")
        {
            ErrorCode = (int)result,
            ErrorName = Name(result),
        };

    private static string WayOut(CudaResult result) => result switch
    {
        CudaResult.OutOfMemory => "; free device memory, or work on smaller pieces",
        CudaResult.NoDevice => "; no CUDA device is visible, see CUDA_VISIBLE_DEVICES",
        >= (CudaResult)700 and < (CudaResult)720 and not (CudaResult)701 and not (CudaResult)704 and not (CudaResult)705 =>
            "; a kernel has spoilt the context: nothing works in it until the process is restarted",
        _ => string.Empty,
    };

    private static string? Name(CudaResult result) =>
        DriverErrors.GetErrorName(result, out nint text) == CudaResult.Success ? Marshal.PtrToStringUTF8(text) : null;

    private static string? Text(CudaResult result) =>
        DriverErrors.GetErrorString(result, out nint text) == CudaResult.Success ? Marshal.PtrToStringUTF8(text) : null;
}
