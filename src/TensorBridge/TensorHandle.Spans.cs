using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace TensorBridge;

// The bridge to System.Numerics.Tensors, outwards.
public sealed partial class TensorHandle
{
    /// <summary>The memory as a <see cref="TensorSpan{T}"/>, without a copy. The handle must stay alive while the span is used.</summary>
    /// <remarks>
    /// A tensor without axes becomes a span of one element; one without elements becomes the empty span, since
    /// <see cref="TensorSpan{T}"/> has neither.
    /// </remarks>
    /// <exception cref="TensorLayoutException">
    /// The tensor is read-only, not in host memory, of another element type, shares bytes between elements, or has strides that
    /// a span can't say: negative ones, or such that are no multiple of the item size.
    /// </exception>
    public unsafe TensorSpan<T> AsTensorSpan<T>()
        where T : unmanaged
    {
        TensorDescriptor descriptor = Descriptor;
        if (descriptor.IsReadOnly)
            throw new TensorLayoutException($"{descriptor} is read-only; use AsReadOnlyTensorSpan, or copy it first");
        if (!descriptor.Layout.IsUnique)
            throw new TensorLayoutException($"{descriptor} has elements that share memory, so writing is not well defined; use AsReadOnlyTensorSpan, or copy it first");
        Span<nint> lengths = stackalloc nint[Math.Max(1, descriptor.Layout.Rank)];
        Span<nint> strides = stackalloc nint[lengths.Length];
        nint count = SpanShape<T>(descriptor, lengths, strides);
        try
        {
            return count == 0 ? default : new TensorSpan<T>((T*)descriptor.Data, count, lengths, strides);
        }
        catch (ArgumentException error)
        {
            throw NoSpan(descriptor, error.Message);
        }
    }

    /// <summary>The memory as a <see cref="ReadOnlyTensorSpan{T}"/>, without a copy. The handle must stay alive while the span is used.</summary>
    /// <inheritdoc cref="AsTensorSpan"/>
    public unsafe ReadOnlyTensorSpan<T> AsReadOnlyTensorSpan<T>()
        where T : unmanaged
    {
        TensorDescriptor descriptor = Descriptor;
        Span<nint> lengths = stackalloc nint[Math.Max(1, descriptor.Layout.Rank)];
        Span<nint> strides = stackalloc nint[lengths.Length];
        nint count = SpanShape<T>(descriptor, lengths, strides);
        try
        {
            return count == 0 ? default : new ReadOnlyTensorSpan<T>((T*)descriptor.Data, count, lengths, strides);
        }
        catch (ArgumentException error)
        {
            throw NoSpan(descriptor, error.Message);
        }
    }

    // Fills lengths and element strides; returns how many elements of T the span reaches over, 0 for an empty tensor.
    private static nint SpanShape<T>(TensorDescriptor descriptor, Span<nint> lengths, Span<nint> strides)
        where T : unmanaged
    {
        if (!descriptor.Device.IsHostAccessible)
            throw new TensorLayoutException($"{descriptor} is not in host memory; copy it to the host first");
        descriptor.DType.CheckElement<T>();
        Layout layout = descriptor.Layout;
        if (layout.ElementCount == 0)
            return 0;
        lengths[0] = 1;
        strides[0] = 0;
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            long stride = layout.Shape[axis] == 1 ? 0 : layout.ByteStrides[axis];
            if (stride < 0)
                throw NoSpan(descriptor, $"axis {axis} has the negative stride {stride}");
            if (stride % Unsafe.SizeOf<T>() != 0)
                throw NoSpan(descriptor, $"the stride {stride} of axis {axis} is no multiple of {Unsafe.SizeOf<T>()} bytes");
            lengths[axis] = (nint)layout.Shape[axis];
            strides[axis] = (nint)(stride / Unsafe.SizeOf<T>());
        }

        return (nint)(layout.Extent.High / Unsafe.SizeOf<T>());
    }

    private static TensorLayoutException NoSpan(TensorDescriptor descriptor, string reason) =>
        new($"no tensor span can say {descriptor}: {reason}; call ToContiguous() first");
}
