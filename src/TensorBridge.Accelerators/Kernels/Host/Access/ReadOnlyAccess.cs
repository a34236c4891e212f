using System.Runtime.CompilerServices;
using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Stands for <see cref="ReadOnlyView{T}"/> in an inlined kernel, see <see cref="FlatAccess{T}"/>.</summary>
internal readonly struct ReadOnlyAccess<T>
    where T : unmanaged
{
    private readonly FlatAccess<T> _memory;

    private ReadOnlyAccess(FlatAccess<T> memory) => _memory = memory;

    public long Length => _memory.Length;

    public T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _memory[index];
    }

    public T this[Index1D index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _memory[index];
    }

    public static ReadOnlyAccess<T> Open(ReadOnlyView<T> view, int parameter) => new(FlatAccess<T>.Open(view.Memory, parameter));
}
