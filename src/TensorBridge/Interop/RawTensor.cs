using System.Runtime.InteropServices;

namespace TensorBridge.Interop;

/// <summary>A tensor as it crosses between the native and the managed side: the mirror of <c>tb_tensor</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawTensor
{
    /// <summary>Address of element 0, also with negative strides.</summary>
    public nuint Data;

    /// <summary>Bytes of one element.</summary>
    public long ItemSize;

    /// <summary>The number of axes, 0 to 64.</summary>
    public int Rank;

    /// <summary>The element type's number in <see cref="DTypeTable"/>.</summary>
    public int DTypeId;

    /// <summary>DLPack's device type.</summary>
    public int DeviceType;

    /// <summary>Which device of that type.</summary>
    public int DeviceId;

    /// <summary>The stream of pending work; 0 for none.</summary>
    public ulong Stream;

    /// <summary>Read-only mark and contiguity.</summary>
    public RawTensorFlags Flags;

    /// <summary>Bytes from the memory's handle to element 0, on devices that name memory by handles (OpenCL); else 0.</summary>
    public uint HandleOffset;

    /// <summary><see cref="Rank"/> lengths.</summary>
    public long* Shape;

    /// <summary><see cref="Rank"/> byte strides.</summary>
    public long* Strides;

    /// <summary>The lengths.</summary>
    public readonly Span<long> ShapeSpan => new(Shape, Rank);

    /// <summary>The byte strides.</summary>
    public readonly Span<long> StrideSpan => new(Strides, Rank);

    /// <summary>The same as a value.</summary>
    public readonly TensorDescriptor ToDescriptor() => ToDescriptor(DTypeTable.Get(DTypeId));

    /// <summary>The same as a value, with an element type that needs no number.</summary>
    public readonly TensorDescriptor ToDescriptor(DType type) => new(
        Data,
        type,
        new Layout(ShapeSpan, StrideSpan, type.ItemSize),
        new Device((DeviceType)DeviceType, DeviceId),
        (Flags & RawTensorFlags.ReadOnly) != 0,
        Stream == 0 ? null : unchecked((nint)Stream));

    /// <summary>Writes a descriptor; <see cref="Shape"/> and <see cref="Strides"/> must have room for its rank.</summary>
    public void Assign(TensorDescriptor descriptor)
    {
        Layout layout = descriptor.Layout;
        Data = descriptor.Data;
        ItemSize = layout.ItemSize;
        Rank = layout.Rank;
        DTypeId = DTypeTable.IdOf(descriptor.DType);
        DeviceType = (int)descriptor.Device.Type;
        DeviceId = descriptor.Device.Id;
        Stream = unchecked((ulong)(long)(descriptor.Stream ?? 0));
        Flags = (descriptor.IsReadOnly ? RawTensorFlags.ReadOnly : 0)
            | (layout.IsCContiguous ? RawTensorFlags.CContiguous : 0)
            | (layout.IsFContiguous ? RawTensorFlags.FContiguous : 0);
        HandleOffset = 0;
        layout.Shape.CopyTo(ShapeSpan);
        layout.ByteStrides.CopyTo(StrideSpan);
    }
}
