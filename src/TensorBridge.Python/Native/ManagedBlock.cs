using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorBridge.Interop;

namespace TensorBridge.Python.Native;

/// <summary>Native blocks for a <see cref="TensorHandle"/>.</summary>
internal static unsafe class ManagedBlock
{
    // tb_owner: not released in a forked child.
    private const int OwnerManaged = 1;

    /// <summary>A block with one reference that disposes the handle at the end; the handle is the block's also when this fails.</summary>
    [SkipLocalsInit]
    public static nint Create(TensorHandle handle)
    {
        try
        {
            TensorDescriptor descriptor = handle.Descriptor;
            long* dimensions = stackalloc long[2 * LayoutMath.MaxRank];
            var tensor = new RawTensor { Rank = descriptor.Layout.Rank, Shape = dimensions, Strides = dimensions + LayoutMath.MaxRank };
            tensor.Assign(descriptor);
            tensor.HandleOffset = OffsetOf(handle);
            if (handle.OwnerAs<BlockReference>() is BlockReference parent)
                return View(&tensor, parent, handle);
            var owner = GCHandle.Alloc(handle);
            nint block = NativeCore.Api->BlockCreate(&tensor, OwnerManaged, &Release, GCHandle.ToIntPtr(owner));
            if (block != 0)
                return block;
            owner.Free();
            throw new OutOfMemoryException("no memory for an exported tensor");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static uint OffsetOf(TensorHandle handle)
    {
        ulong offset = handle.HandleOffset;
        return offset <= uint.MaxValue
            ? (uint)offset
            : throw new TensorUnsupportedException($"{handle} begins {offset} bytes into its OpenCL buffer, more than the 4 GiB that Python is told; copy it into memory of its own");
    }

    // Memory that came from a block goes back as a view of it: its end needs no managed code.
    private static nint View(RawTensor* tensor, BlockReference parent, TensorHandle handle)
    {
        nint block = NativeCore.Api->BlockView(tensor, parent.Block);
        if (block == 0)
            throw new OutOfMemoryException("no memory for an exported tensor");
        handle.Dispose();
        return block;
    }

    // Called once, by whichever thread drops the last reference.
    [UnmanagedCallersOnly]
    private static void Release(nint context)
    {
        try
        {
            var owner = GCHandle.FromIntPtr(context);
            var handle = (TensorHandle?)owner.Target;
            owner.Free();
            handle?.Dispose();
        }
        catch (Exception)
        {
            // Nobody is left to tell, and an exception may not cross into native code.
        }
    }
}
