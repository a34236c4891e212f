using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorBridge.DLPack;

/// <summary>Hands tensors out as DLPack structs, for native libraries and for capsules.</summary>
/// <remarks>
/// Each export is one native block, which holds a count on the memory:
/// <code>
/// | DLManagedTensorVersioned | shape[ndim] | strides[ndim] |
///      manager_ctx ──▶ a handle of its own
/// </code>
/// The consumer calls <c>deleter</c> exactly once, from any thread, and the block and the count are gone. Until
/// then the memory lives, also if the handle that was exported is disposed. Nothing is synchronised: work that
/// is pending on the memory is the caller's business.
/// </remarks>
public static unsafe class DLPackExporter
{
    /// <summary>Exports a tensor.</summary>
    /// <param name="handle">The tensor. The export holds a count of its own.</param>
    /// <param name="isCopied">Says to the consumer that this is a copy made for it, of which it is the only owner.</param>
    /// <returns>A struct of version 1.3 that the caller owns. It ends with a call of its deleter.</returns>
    /// <exception cref="TensorUnsupportedException">DLPack cannot say the type, the byte order or the strides of the tensor.</exception>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public static DLManagedTensorVersioned* ToManagedTensor(TensorHandle handle, bool isCopied = false)
    {
        ArgumentNullException.ThrowIfNull(handle);
        TensorDescriptor descriptor = handle.Descriptor;
        DLDataType type = Check(descriptor);
        var tensor = (DLManagedTensorVersioned*)NativeMemory.Alloc(BlockSize(sizeof(DLManagedTensorVersioned), descriptor));
        try
        {
            tensor->version = DLPackValidator.Version;
            tensor->deleter = &DeleteVersioned;
            tensor->flags = Flags(descriptor, isCopied);
            Fill(&tensor->dl_tensor, handle, type, (long*)(tensor + 1));
            tensor->manager_ctx = Hold(handle);
            return tensor;
        }
        catch
        {
            NativeMemory.Free(tensor);
            throw;
        }
    }

    /// <summary>Exports a tensor in the form of before 1.0, for consumers that know no other.</summary>
    /// <param name="handle">The tensor. The export holds a count of its own.</param>
    /// <returns>A struct that the caller owns. It ends with a call of its deleter.</returns>
    /// <exception cref="TensorUnsupportedException">
    /// DLPack cannot say the type, the byte order or the strides of the tensor; or this form cannot: it has no mark
    /// for read-only memory and for padded elements of fewer than 8 bits.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public static DLManagedTensor* ToLegacyManagedTensor(TensorHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        TensorDescriptor descriptor = handle.Descriptor;
        DLDataType type = CheckLegacy(descriptor);
        var tensor = (DLManagedTensor*)NativeMemory.Alloc(BlockSize(sizeof(DLManagedTensor), descriptor));
        try
        {
            tensor->deleter = &DeleteLegacy;
            Fill(&tensor->dl_tensor, handle, type, (long*)(tensor + 1));
            tensor->manager_ctx = Hold(handle);
            return tensor;
        }
        catch
        {
            NativeMemory.Free(tensor);
            throw;
        }
    }

    /// <summary>Checks everything that DLPack may be unable to say, before anything is allocated.</summary>
    internal static DLDataType Check(TensorDescriptor descriptor)
    {
        DLDataType type = DLPackDType.ToDLPack(descriptor.DType);
        Layout layout = descriptor.Layout;
        if (layout.IsCContiguous)
            return type;
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            if (layout.Shape[axis] > 1 && layout.ByteStrides[axis] % layout.ItemSize != 0)
                throw new TensorUnsupportedException($"the stride of axis {axis} is {layout.ByteStrides[axis]} bytes, no multiple of the {layout.ItemSize} bytes of {descriptor.DType}, which DLPack cannot say; call ToContiguous() on {descriptor}");
        }

        return type;
    }

    /// <summary>The same for the form of before 1.0, which has no flags.</summary>
    internal static DLDataType CheckLegacy(TensorDescriptor descriptor)
    {
        DLDataType type = Check(descriptor);
        if (descriptor.IsReadOnly)
            throw new TensorUnsupportedException($"{descriptor} cannot be exported as DLManagedTensor, which has no mark for read-only memory; export it as DLManagedTensorVersioned (max_version (1, 0) or above), or copy it");
        if (descriptor.DType.Bits < 8 && !descriptor.DType.IsPacked)
            throw new TensorUnsupportedException($"{descriptor} cannot be exported as DLManagedTensor, where elements of {descriptor.DType.Bits} bits are always packed; export it as DLManagedTensorVersioned (max_version (1, 1) or above)");
        return type;
    }

    /// <summary>The flags of a versioned export.</summary>
    internal static ulong Flags(TensorDescriptor descriptor, bool isCopied) =>
        (descriptor.IsReadOnly ? DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY : 0)
        | (isCopied ? DLPackConstants.DLPACK_FLAG_BITMASK_IS_COPIED : 0)
        | (descriptor.DType is { Bits: < 8, IsPacked: false } ? DLPackConstants.DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED : 0);

    /// <summary>Writes a tensor.</summary>
    /// <param name="tensor">The struct to write.</param>
    /// <param name="handle">What it is to say; checked before.</param>
    /// <param name="type">The result of that check.</param>
    /// <param name="numbers">Room for shape and strides, twice the rank, which has to live as long as the struct.</param>
    private static void Fill(DLTensor* tensor, TensorHandle handle, DLDataType type, long* numbers)
    {
        TensorDescriptor descriptor = handle.Descriptor;
        Layout layout = descriptor.Layout;
        // Element 0 is at data itself, since consumers exist that overlook byte_offset; but nothing can be added to a handle.
        ulong offset = layout.ElementCount == 0 ? 0 : handle.HandleOffset;
        tensor->data = layout.ElementCount == 0 ? null : (void*)(descriptor.Data - (nuint)offset);
        tensor->byte_offset = offset;
        tensor->device = DLPackDevice.ToDLPack(descriptor.Device);
        tensor->ndim = layout.Rank;
        tensor->dtype = type;
        tensor->shape = numbers;
        tensor->strides = numbers + layout.Rank;
        layout.Shape.CopyTo(new Span<long>(tensor->shape, layout.Rank));
        FillElementStrides(layout, new Span<long>(tensor->strides, layout.Rank));
    }

    private static void FillElementStrides(Layout layout, Span<long> strides)
    {
        // Dense memory is said in the plain way, also on axes of length 1, which picky consumers look at.
        if (layout.IsCContiguous)
        {
            LayoutMath.FillCStrides(layout.Shape, 1, strides);
            return;
        }

        // Signed on both sides: divided by an unsigned size a negative stride turns into a huge one.
        for (int axis = 0; axis < strides.Length; axis++)
            strides[axis] = layout.Shape[axis] > 1 ? layout.ByteStrides[axis] / layout.ItemSize : 1;
    }

    private static nuint BlockSize(int structSize, TensorDescriptor descriptor) =>
        (nuint)(structSize + (2 * sizeof(long) * descriptor.Layout.Rank));

    private static void* Hold(TensorHandle handle) =>
        (void*)GCHandle<TensorHandle>.ToIntPtr(new GCHandle<TensorHandle>(handle.Share()));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DeleteVersioned(DLManagedTensorVersioned* self)
    {
        if (self is not null)
            Delete(self->manager_ctx, self);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DeleteLegacy(DLManagedTensor* self)
    {
        if (self is not null)
            Delete(self->manager_ctx, self);
    }

    private static void Delete(void* context, void* block)
    {
        try
        {
            GCHandle<TensorHandle> holder = GCHandle<TensorHandle>.FromIntPtr((nint)context);
            TensorHandle handle = holder.Target;
            holder.Dispose();
            NativeMemory.Free(block);
            handle.Dispose();
        }
        catch
        {
            // A native caller cannot receive an exception: it would end the process. All that can throw is
            // the release of the memory's owner, which is done by then.
        }
    }
}
