namespace TensorBridge.DLPack;

/// <summary>Takes over tensors that a producer hands out as DLPack structs.</summary>
/// <remarks>
/// <code>
/// producer:  DLManagedTensorVersioned* ──Import──▶ TensorHandle ──last view gone──▶ deleter(struct), once
///                                          │
///                                          └─ not acceptable: deleter(struct), then the exception
/// </code>
/// The struct belongs to the importer from the call on, whatever comes of it: the deleter runs exactly once on
/// every path, unless the argument is NULL. The rules are those of DLPack 1.3: data lies at
/// <c>data + byte_offset</c>, strides may be NULL, the memory need not be aligned, unknown flags are ignored.
/// </remarks>
public static unsafe class DLPackImporter
{
    /// <summary>Takes over a tensor.</summary>
    /// <param name="tensor">The struct; owned by the importer from here on.</param>
    /// <returns>A handle to the memory, read-only where the producer says so. Its last view calls the deleter.</returns>
    /// <exception cref="TensorFormatException">A count or a length is negative, an array is NULL, or the data is NULL although there are elements.</exception>
    /// <exception cref="TensorUnsupportedException">Another major version, a type or lanes that TensorBridge does not take, packed elements that are not dense.</exception>
    /// <exception cref="TensorDeviceException">A kind of device that TensorBridge does not know.</exception>
    /// <exception cref="OverflowException">Sizes, strides or addresses leave 64 bits.</exception>
    public static TensorHandle Import(DLManagedTensorVersioned* tensor) => Import(tensor, out _);

    /// <summary>Takes over a tensor and tells whether it is a copy made for the caller.</summary>
    /// <param name="tensor">The struct; owned by the importer from here on.</param>
    /// <param name="isCopied">True when the producer made this copy: nobody else sees the memory.</param>
    /// <returns>A handle to the memory, read-only where the producer says so. Its last view calls the deleter.</returns>
    /// <inheritdoc cref="Import(DLManagedTensorVersioned*)" path="/exception"/>
    public static TensorHandle Import(DLManagedTensorVersioned* tensor, out bool isCopied)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        TensorDescriptor descriptor;
        try
        {
            descriptor = DLPackValidator.Describe(tensor);
            isCopied = (tensor->flags & DLPackConstants.DLPACK_FLAG_BITMASK_IS_COPIED) != 0;
        }
        catch
        {
            DLPackRelease.Call(tensor);
            throw;
        }

        // Outside of the try: once the handle has it, only the handle may release it.
        return Adopt(descriptor, tensor);
    }

    /// <summary>Takes over a tensor in the form of before 1.0.</summary>
    /// <param name="tensor">The struct; owned by the importer from here on.</param>
    /// <param name="writable">
    /// The caller's word that the memory may be written. This form cannot say it, so the handle is read-only otherwise.
    /// </param>
    /// <returns>A handle to the memory. Its last view calls the deleter.</returns>
    /// <inheritdoc cref="Import(DLManagedTensorVersioned*)" path="/exception"/>
    public static TensorHandle Import(DLManagedTensor* tensor, bool writable = false)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        TensorDescriptor descriptor;
        try
        {
            descriptor = DLPackValidator.Describe(tensor, writable);
        }
        catch
        {
            DLPackRelease.Call(tensor);
            throw;
        }

        return Adopt(descriptor, tensor);
    }

    /// <summary>The second half of an import: a handle over a tensor that <see cref="DLPackValidator"/> has described.</summary>
    internal static TensorHandle Adopt(TensorDescriptor descriptor, DLManagedTensorVersioned* tensor) =>
        new(descriptor, release: tensor->deleter is null ? null : new DLPackRelease(tensor).CallVersioned);

    /// <inheritdoc cref="Adopt(TensorDescriptor, DLManagedTensorVersioned*)"/>
    internal static TensorHandle Adopt(TensorDescriptor descriptor, DLManagedTensor* tensor) =>
        new(descriptor, release: tensor->deleter is null ? null : new DLPackRelease(tensor).CallLegacy);
}
