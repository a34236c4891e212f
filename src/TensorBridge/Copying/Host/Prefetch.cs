using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>Asks for memory before it is read, where the instruction set can.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Brings the line at an address, which may be any, into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(byte* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}
