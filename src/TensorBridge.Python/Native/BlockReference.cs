using TensorBridge.Interop;

namespace TensorBridge.Python.Native;

/// <summary>One reference to a native block, dropped exactly once.</summary>
/// <remarks>Dropping works on any thread, the finalizer's included: what needs the GIL is queued by the core library.</remarks>
internal sealed unsafe class BlockReference
{
    private nint _block;

    /// <param name="block">The block, whose reference becomes this object's.</param>
    private BlockReference(nint block) => _block = block;

    /// <summary>A handle to what a block describes, which takes the caller's reference over (also when this fails).</summary>
    public static TensorHandle Adopt(nint block)
    {
        var reference = new BlockReference(block);
        try
        {
            RawTensor* tensor = NativeCore.Api->BlockTensor(block);
            TensorDescriptor descriptor = tensor->ToDescriptor();
            return new TensorHandle(descriptor, new TensorOwner(reference, reference.Drop, descriptor.Data - tensor->HandleOffset));
        }
        catch
        {
            reference.Drop();
            throw;
        }
    }

    /// <summary>A handle with a reference of its own.</summary>
    public static TensorHandle Share(nint block) => Adopt(NativeCore.Api->BlockRef(block));

    /// <summary>The block; only to be used while a handle over it lives.</summary>
    public nint Block => _block;

    private void Drop()
    {
        nint block = Interlocked.Exchange(ref _block, 0);
        if (block != 0)
            NativeCore.Api->BlockDrop(block);
    }
}
