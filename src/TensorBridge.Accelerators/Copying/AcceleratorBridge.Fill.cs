using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

/// <content>One value everywhere.</content>
public abstract partial class AcceleratorBridge
{
    /// <summary>Stores one value in every element, converted to the element type as an unsafe cast does.</summary>
    /// <typeparam name="T">A primitive that an element type corresponds to.</typeparam>
    /// <param name="destination">A writable tensor on this device.</param>
    /// <param name="value">The value.</param>
    /// <param name="stream">The stream to work on; null for the default stream.</param>
    /// <exception cref="TensorLayoutException">The destination is read-only or shares memory with itself.</exception>
    /// <exception cref="TensorUnsupportedException">The destination's items are opaque: fill those with their bytes.</exception>
    /// <exception cref="TensorDeviceException">The tensor is not on this device, or the driver refuses.</exception>
    public unsafe void Fill<T>(TensorHandle destination, T value, AcceleratorStream? stream = null)
        where T : unmanaged
    {
        CheckDestination(destination);
        DType type = typeof(T) == typeof(bool) ? DType.Boolean : DType.Of<T>();
        CastCheck.ThrowUnlessAllowed(type, destination.DType, CastingRule.Unsafe);
        byte* item = stackalloc byte[16];
        CopyOp cast = CopyOp.Cast(TensorBridge.Copying.ElementTypes.Of(type), TensorBridge.Copying.ElementTypes.Of(destination.DType), swapDestination: !destination.DType.IsNativeOrder);
        ReferenceEngine.Cast(cast, (byte*)&value, item);
        Fill(destination, new ReadOnlySpan<byte>(item, destination.DType.ItemSize), stream);
    }

    /// <summary>Stores the bytes of one item in every element, whatever its type.</summary>
    /// <param name="destination">A writable tensor on this device.</param>
    /// <param name="item">As many bytes as an element has.</param>
    /// <param name="stream">The stream to work on; null for the default stream.</param>
    /// <exception cref="TensorFormatException">The number of bytes is not the item size.</exception>
    public void Fill(TensorHandle destination, ReadOnlySpan<byte> item, AcceleratorStream? stream = null)
    {
        CheckDestination(destination);
        if (item.Length != destination.DType.ItemSize)
            throw new TensorFormatException($"the fill item has {item.Length} bytes, {destination.DType} has {destination.DType.ItemSize}");
        if (destination.ElementCount == 0 || item.Length == 0)
            return;
        if (!destination.Layout.IsUnique)
            HostCopy.CheckUnique(destination.Descriptor);
        AcceleratorStream work = stream ?? Accelerator.DefaultStream;
        Prepare(destination, work);
        using (EnterContext())
            Copies.Fill(item, destination.Shape, destination.ByteStrides, Place(destination), work);
        Finish(destination, work);
        GC.KeepAlive(destination);
    }
}
