using System.Runtime.CompilerServices;
using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>The addresses behind ILGPU's views. Views of the host engine begin where their window does.</summary>
internal static unsafe class HostMemoryOf
{
    public static T* Address<T>(ArrayView<T> view)
        where T : unmanaged => view.Length == 0 ? null : (T*)Buffer(view).NativePtr;

    // Through a constrained call, so that nothing is boxed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ILGPU.Runtime.MemoryBuffer Buffer<TView>(TView view)
        where TView : struct, IArrayView => view.Buffer;
}
