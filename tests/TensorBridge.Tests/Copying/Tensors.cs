using System.Runtime.InteropServices;
using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Small tensors over managed arrays.</summary>
internal static unsafe class Tensors
{
    /// <summary>A tensor over pinned memory that holds <paramref name="values"/>; strides in elements, C order if not given.</summary>
    public static TensorHandle Of<T>(T[] values, long[] shape, long[]? strides = null, int first = 0, bool readOnly = false, DType? type = null) where T : unmanaged
    {
        T[] memory = GC.AllocateArray<T>(Math.Max(1, values.Length), pinned: true);
        values.CopyTo(memory, 0);
        return View(memory, shape, strides, first, readOnly, type);
    }

    /// <summary>A tensor over an array that is pinned already.</summary>
    public static TensorHandle View<T>(T[] memory, long[] shape, long[]? strides = null, int first = 0, bool readOnly = false, DType? type = null) where T : unmanaged
    {
        type ??= typeof(T) == typeof(bool) ? DType.Boolean : DType.Of<T>();
        Layout layout = strides is null
            ? Layout.Contiguous(shape, type.ItemSize)
            : new Layout(shape, [.. strides.Select(s => s * sizeof(T))], type.ItemSize);
        nuint address = (nuint)Unsafe(memory) + (nuint)(first * sizeof(T));
        return new TensorHandle(new TensorDescriptor(address, type, layout, Device.Cpu, readOnly), memory);
    }

    public static T[] Pinned<T>(int length) where T : unmanaged => GC.AllocateArray<T>(length, pinned: true);

    /// <summary>The elements in C order, read one by one.</summary>
    public static T[] Read<T>(TensorHandle tensor) where T : unmanaged
    {
        var result = new T[tensor.ElementCount];
        fixed (T* to = result)
        {
            ReferenceEngine.Execute(CopyOp.Copy(sizeof(T)), (byte*)tensor.Data, (byte*)to, tensor.Shape, tensor.ByteStrides, Layout.Contiguous(tensor.Shape, sizeof(T)).ByteStrides);
        }
        GC.KeepAlive(tensor);
        return result;
    }

    private static T* Unsafe<T>(T[] memory) where T : unmanaged => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
}
