using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Copying;

/// <summary>A place in the memory of an accelerator, from which views of any word are made without allocating.</summary>
/// <remarks>
/// Where an address is a number (CPU, CUDA) the buffer is one that begins at address 0, so that a view of any word that the address is aligned
/// for begins exactly there. OpenCL buffers are handles: there the place is an offset in the buffer itself.
/// </remarks>
internal readonly struct DeviceMemory
{
    private readonly MemoryBuffer _buffer;
    private readonly long _place;

    public DeviceMemory(MemoryBuffer buffer, long place)
    {
        _buffer = buffer;
        _place = place;
    }

    /// <summary>Address, or offset in its buffer: what alignment is judged by.</summary>
    public long Place => _place;

    /// <summary>A place some bytes further.</summary>
    public DeviceMemory Offset(long bytes) => new(_buffer, _place + bytes);

    /// <summary>A view of <paramref name="words"/> words from <paramref name="offset"/> bytes on; the place must be a multiple of the word.</summary>
    public ArrayView<T> View<T>(long offset, long words)
        where T : unmanaged => new(_buffer, (_place + offset) / IlgpuInterop.SizeOf<T>(), words);
}
