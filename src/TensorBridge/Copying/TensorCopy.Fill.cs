namespace TensorBridge.Copying;

public static partial class TensorCopy
{
    /// <summary>Stores one value in every element, converted to the element type as an unsafe cast does.</summary>
    /// <typeparam name="T">A primitive that an element type corresponds to: bool, an integer, <see cref="Half"/>, float, double, a complex number.</typeparam>
    /// <exception cref="TensorLayoutException"><typeparamref name="T"/> is none of those types, or the destination is read-only or shares memory with itself.</exception>
    /// <exception cref="TensorUnsupportedException">The destination's items are opaque: fill those with their bytes.</exception>
    public static unsafe void Fill<T>(TensorHandle destination, T value, CopyOptions? options = null) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(destination);
        DType type = typeof(T) == typeof(bool) ? DType.Boolean : DType.Of<T>();
        CastCheck.ThrowUnlessAllowed(type, destination.DType, CastingRule.Unsafe);
        byte* item = stackalloc byte[16];
        CopyOp cast = CopyOp.Cast(ElementTypes.Of(type), ElementTypes.Of(destination.DType), swapDestination: !destination.DType.IsNativeOrder);
        ReferenceEngine.Cast(cast, (byte*)&value, item);
        HostCopy.Fill(destination.Descriptor, new ReadOnlySpan<byte>(item, destination.DType.ItemSize), options ?? CopyOptions.Default);
        GC.KeepAlive(destination);
    }

    /// <summary>Stores the bytes of one item in every element, whatever its type.</summary>
    /// <exception cref="TensorFormatException">The number of bytes is not the item size.</exception>
    public static void Fill(TensorHandle destination, ReadOnlySpan<byte> item, CopyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (item.Length != destination.DType.ItemSize)
            throw new TensorFormatException($"the fill item has {item.Length} bytes, {destination.DType} has {destination.DType.ItemSize}");
        HostCopy.Fill(destination.Descriptor, item, options ?? CopyOptions.Default);
        GC.KeepAlive(destination);
    }
}
