using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Tests;

/// <summary>Native host memory under a handle, with a count of its releases.</summary>
internal sealed unsafe class HostMemory
{
    private readonly byte* _memory;

    public HostMemory(int bytes)
    {
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        new Span<byte>(_memory, bytes).Clear();
    }

    // Handles keep this object reachable; several may share the memory.
    ~HostMemory() => NativeMemory.AlignedFree(_memory);

    public int Released { get; private set; }

    public nuint Address => (nuint)_memory;

    public Span<T> As<T>(int length)
        where T : unmanaged => new(_memory, length);

    public TensorHandle Tensor(DType type, long[] shape, long[] strides, long offset = 0, bool isReadOnly = false) =>
        new(new TensorDescriptor(Address + (nuint)offset, type, new Layout(shape, strides, type.ItemSize), Device.Cpu, isReadOnly), this, Release);

    private void Release() => Released++;
}
