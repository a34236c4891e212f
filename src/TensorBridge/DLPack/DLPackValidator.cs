using System.Runtime.CompilerServices;
using TensorBridge.Interop;

namespace TensorBridge.DLPack;

/// <summary>Turns what a producer wrote into a descriptor, or says what is wrong with it.</summary>
/// <remarks>
/// The only reader of foreign DLPack structs. It reads the struct, its shape and its strides, never the memory
/// of the tensor, takes nothing over and calls no deleter.
/// </remarks>
internal static unsafe class DLPackValidator
{
    /// <summary>The version that exporters write and importers know.</summary>
    public static DLPackVersion Version => new() { major = DLPackConstants.DLPACK_MAJOR_VERSION, minor = DLPackConstants.DLPACK_MINOR_VERSION };

    /// <summary>Describes a versioned tensor.</summary>
    /// <exception cref="TensorUnsupportedException">The struct has another major version; nothing but the version was read.</exception>
    /// <inheritdoc cref="Describe(in DLTensor, ulong, nint?)" path="/exception"/>
    public static TensorDescriptor Describe(DLManagedTensorVersioned* tensor, nint? stream = null)
    {
        // A higher minor version only adds codes; those that are not known are refused one by one.
        if (tensor->version.major != DLPackConstants.DLPACK_MAJOR_VERSION)
            throw new TensorUnsupportedException($"the tensor has DLPack version {tensor->version.major}.{tensor->version.minor}; accepted is {DLPackConstants.DLPACK_MAJOR_VERSION}.x: ask the producer with max_version ({DLPackConstants.DLPACK_MAJOR_VERSION}, {DLPackConstants.DLPACK_MINOR_VERSION})");
        return Describe(in tensor->dl_tensor, tensor->flags, stream);
    }

    /// <summary>Describes a tensor of before 1.0, which cannot say whether it may be written.</summary>
    /// <inheritdoc cref="Describe(in DLTensor, ulong, nint?)" path="/exception"/>
    public static TensorDescriptor Describe(DLManagedTensor* tensor, bool writable, nint? stream = null) =>
        Describe(in tensor->dl_tensor, writable ? 0 : DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY, stream);

    /// <summary>Describes a tensor.</summary>
    /// <param name="tensor">The tensor. It is only read during the call.</param>
    /// <param name="flags">Bits named <c>DLPACK_FLAG_BITMASK</c>; unknown ones are ignored.</param>
    /// <param name="stream">The stream on which the memory is ready, as <see cref="TensorDescriptor.Stream"/>; null for none.</param>
    /// <exception cref="TensorFormatException">A count or a length is negative, an array is NULL, or the data is NULL although there are elements.</exception>
    /// <exception cref="TensorUnsupportedException">Type, lanes or packed strides that TensorBridge does not take; a byte offset into an OpenCL handle.</exception>
    /// <exception cref="TensorDeviceException">A kind of device that TensorBridge does not know.</exception>
    /// <exception cref="OverflowException">Sizes, strides or addresses leave 64 bits.</exception>
    [SkipLocalsInit]
    public static TensorDescriptor Describe(in DLTensor tensor, ulong flags, nint? stream = null)
    {
        DType type = DLPackDType.FromDLPack(tensor.dtype, Has(flags, DLPackConstants.DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED));
        Device device = DLPackDevice.FromDLPack(tensor.device);
        ReadOnlySpan<long> shape = Shape(in tensor);
        Span<long> strides = stackalloc long[LayoutMath.MaxRank];
        strides = strides[..shape.Length];
        FillByteStrides(in tensor, shape, type.ItemSize, strides);

        var layout = new Layout(shape, strides, type.ItemSize);
        nuint data = ElementZero(in tensor, device, layout.ElementCount);
        return new TensorDescriptor(data, type, layout, device, Has(flags, DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY), stream);
    }

    /// <summary>The same without allocation, for the native boundary.</summary>
    /// <param name="tensor">The tensor. It is only read during the call.</param>
    /// <param name="flags">Bits named <c>DLPACK_FLAG_BITMASK</c>; unknown ones are ignored.</param>
    /// <param name="stream">The stream on which the memory is ready; 0 for none.</param>
    /// <param name="raw">Takes the result; its shape and strides have room for the tensor's rank.</param>
    /// <inheritdoc cref="Describe(in DLTensor, ulong, nint?)" path="/exception"/>
    public static void Read(in DLTensor tensor, ulong flags, ulong stream, ref RawTensor raw)
    {
        DType type = DLPackDType.FromDLPack(tensor.dtype, Has(flags, DLPackConstants.DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED));
        Device device = DLPackDevice.FromDLPack(tensor.device);
        ReadOnlySpan<long> shape = Shape(in tensor);
        raw.Rank = shape.Length;
        shape.CopyTo(raw.ShapeSpan);
        FillByteStrides(in tensor, shape, type.ItemSize, raw.StrideSpan);
        raw.Data = ElementZero(in tensor, device, LayoutMath.ElementCount(shape));
        raw.DeviceType = (int)device.Type;
        raw.DeviceId = device.Id;
        raw.Stream = stream;
        raw.Flags = Has(flags, DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY) ? RawTensorFlags.ReadOnly : 0;
        RawTensorRules.Complete(ref raw, type, out _);
        if (type.IsPacked && (raw.Flags & RawTensorFlags.CContiguous) == 0)
            throw new TensorUnsupportedException($"{type} packs elements into shared bytes, so only dense C order has a meaning, got strides {TensorText.Tuple(raw.StrideSpan)}");
        raw.DTypeId = DTypeTable.IdOf(type);
    }

    private static bool Has(ulong flags, ulong bit) => (flags & bit) != 0;

    private static ReadOnlySpan<long> Shape(in DLTensor tensor)
    {
        if (tensor.ndim is < 0 or > LayoutMath.MaxRank)
            throw new TensorFormatException($"ndim is {tensor.ndim}; accepted are 0 to {LayoutMath.MaxRank} axes");
        if (tensor.ndim > 0 && tensor.shape is null)
            throw new TensorFormatException($"shape is NULL although ndim is {tensor.ndim}; only ndim 0 needs no shape");
        return new ReadOnlySpan<long>(tensor.shape, tensor.ndim);
    }

    private static void FillByteStrides(in DLTensor tensor, ReadOnlySpan<long> shape, int itemSize, Span<long> strides)
    {
        // First, for it refuses negative lengths and counts that wrap.
        long count = LayoutMath.ElementCount(shape);
        if (tensor.strides is null)
        {
            LayoutMath.FillCStrides(shape, itemSize, strides);
            return;
        }

        for (int axis = 0; axis < strides.Length; axis++)
        {
            long high = Math.BigMul(tensor.strides[axis], itemSize, out long stride);
            bool fits = high == stride >> 63;
            // A stride along which nobody steps means nothing, however strange it is.
            if (!fits && count > 0 && shape[axis] > 1)
                throw new OverflowException($"strides entry {axis} is {tensor.strides[axis]} elements of {itemSize} bytes, which does not fit into 64 bits");
            strides[axis] = fits ? stride : 0;
        }
    }

    private static nuint ElementZero(in DLTensor tensor, Device device, long count)
    {
        var data = (nuint)tensor.data;
        if (count == 0)
            return data;
        if (data == 0)
            throw new TensorFormatException($"data is NULL although the tensor has {count} elements");
        if (device.Type == DeviceType.OpenCL && tensor.byte_offset != 0)
            throw new TensorUnsupportedException($"byte_offset is {tensor.byte_offset} on an OpenCL handle, which has no address to add it to; export the whole buffer, or a copy");
        return tensor.byte_offset <= nuint.MaxValue - data
            ? data + (nuint)tensor.byte_offset
            : throw new OverflowException($"data 0x{data:x} with byte_offset {tensor.byte_offset} leaves the 64-bit address space");
    }
}
