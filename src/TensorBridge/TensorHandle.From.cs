using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorBridge;

// The bridge from managed memory: pinned while the handle or a view of it lives.
public sealed unsafe partial class TensorHandle
{
    /// <summary>A tensor over the elements of a <see cref="Tensor{T}"/>, with its strides; pinned, not copied.</summary>
    /// <exception cref="TensorLayoutException">No element type corresponds to <typeparamref name="T"/>.</exception>
    public static TensorHandle From<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        DType type = DType.Of<T>();
        var shape = new long[tensor.Rank];
        var strides = new long[tensor.Rank];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = tensor.Lengths[axis];
            strides[axis] = (long)tensor.Strides[axis] * Unsafe.SizeOf<T>();
        }

        // The pin names the start of the backing array; a slice begins further on.
        MemoryHandle pin = tensor.GetPinnedHandle();
        nuint first = (nuint)(tensor.IsEmpty ? pin.Pointer : Unsafe.AsPointer(ref tensor[new nint[tensor.Rank]]));
        return Pinned(pin, first, type, new Layout(shape, strides, type.ItemSize), tensor, isReadOnly: false);
    }

    /// <summary>A one-dimensional tensor over memory; pinned, not copied.</summary>
    /// <inheritdoc cref="From{T}(Tensor{T})"/>
    public static TensorHandle From<T>(Memory<T> memory)
        where T : unmanaged => From(memory, [memory.Length]);

    /// <summary>A tensor in C order over memory; pinned, not copied.</summary>
    /// <param name="memory">At least as many elements as the shape has.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <exception cref="TensorFormatException">The memory is too short for the shape.</exception>
    /// <exception cref="TensorLayoutException">No element type corresponds to <typeparamref name="T"/>.</exception>
    public static TensorHandle From<T>(Memory<T> memory, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        Layout layout = CheckedLayout<T>(memory.Length, shape);
        DType type = DType.Of<T>();
        MemoryHandle pin = memory.Pin();
        return Pinned(pin, (nuint)pin.Pointer, type, layout, null, isReadOnly: false);
    }

    /// <summary>A read-only tensor in C order over memory; pinned, not copied.</summary>
    /// <inheritdoc cref="From{T}(Memory{T}, ReadOnlySpan{long})"/>
    public static TensorHandle From<T>(ReadOnlyMemory<T> memory, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        Layout layout = CheckedLayout<T>(memory.Length, shape.IsEmpty ? [memory.Length] : shape);
        DType type = DType.Of<T>();
        MemoryHandle pin = memory.Pin();
        return Pinned(pin, (nuint)pin.Pointer, type, layout, null, isReadOnly: true);
    }

    /// <summary>A one-dimensional tensor over an array; pinned, not copied.</summary>
    /// <inheritdoc cref="From{T}(Tensor{T})"/>
    public static TensorHandle From<T>(T[] array)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return From(array.AsMemory());
    }

    /// <summary>A tensor over an array of any number of axes, <c>float[,]</c> for instance; pinned, not copied.</summary>
    /// <exception cref="TensorLayoutException">No element type corresponds to the array's.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "A struct whose fields were trimmed ends in an error, never in a wrong layout.")]
    public static TensorHandle From(Array array)
    {
        ArgumentNullException.ThrowIfNull(array);
        Type element = array.GetType().GetElementType()!;
        if (!element.IsValueType)
            throw new TensorLayoutException($"no element type corresponds to the C# type {element}; jagged arrays have no common memory");
        DType type = StructLayoutReader.Primitive(element) ?? StructLayoutReader.Read(element, RuntimeHelpers.SizeOf(element.TypeHandle));
        long[] shape = [.. Enumerable.Range(0, array.Rank).Select(array.GetLongLength)];
        GCHandle pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        void* pointer = Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return Pinned(new MemoryHandle(pointer, pin), (nuint)pointer, type, Layout.Contiguous(shape, type.ItemSize), array, isReadOnly: false);
    }

    private static Layout CheckedLayout<T>(int available, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        Layout layout = Layout.Contiguous(shape, Unsafe.SizeOf<T>());
        return layout.ElementCount <= available
            ? layout
            : throw new TensorFormatException($"shape {TensorText.Tuple(shape)} has {layout.ElementCount} elements, the memory holds {available}");
    }

    private static TensorHandle Pinned(MemoryHandle pin, nuint data, DType type, Layout layout, object? owner, bool isReadOnly)
    {
        try
        {
            return new TensorHandle(new TensorDescriptor(data, type, layout, Device.Cpu, isReadOnly), owner, pin.Dispose);
        }
        catch
        {
            pin.Dispose();
            throw;
        }
    }
}
