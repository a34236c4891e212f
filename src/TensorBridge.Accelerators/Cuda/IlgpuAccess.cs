using System.Runtime.CompilerServices;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>The two places where ILGPU offers no public way.</summary>
internal static class IlgpuAccess
{
    /// <summary>
    /// Makes ILGPU forget which accelerator it believes to be bound to this thread. It never asks the driver; told
    /// nothing, it binds afresh on its next use.
    /// </summary>
    public static void ForgetBinding() => SetCurrent(null, null);

    /// <summary>Replaces the context that an accelerator runs in.</summary>
    public static void ReplaceContext(Accelerator accelerator, nint context) => SetNativePtr(accelerator, context);

    /// <summary>
    /// Makes an accelerator harmless whose context is gone. Finalizers of its streams and buffers bind it first, and an
    /// error there ends the process; binding no context at all always succeeds.
    /// </summary>
    public static void Neutralize(Accelerator accelerator)
    {
        SetNativePtr(accelerator, 0);
        GC.SuppressFinalize(accelerator);
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "set_Current")]
    private static extern void SetCurrent(Accelerator? type, Accelerator? value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_NativePtr")]
    private static extern void SetNativePtr(Accelerator accelerator, nint value);
}
