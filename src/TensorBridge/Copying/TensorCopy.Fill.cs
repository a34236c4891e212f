using System.Numerics;

namespace TensorBridge.Copying;

public static partial class TensorCopy
{
    /// <summary>Stores one value in every element, converted to the element type as an unsafe cast does.</summary>
    /// <typeparam name="T">bool, an integer of 1 to 8 bytes, <see cref="Half"/>, float, double or <see cref="Complex"/>.</typeparam>
    /// <exception cref="TensorLayoutException">The destination is read-only or shares memory with itself.</exception>
    /// <exception cref="TensorUnsupportedException"><typeparamref name="T"/> is none of those types, or the destination's items are opaque: fill those with their bytes.</exception>
    public static unsafe void Fill<T>(TensorHandle destination, T value, CopyOptions? options = null) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(destination);
        DType type = ScalarType<T>();
        CastCheck.ThrowUnlessAllowed(type, destination.DType, CastingRule.Unsafe);
        byte* item = stackalloc byte[16];
        var single = new TensorDescriptor((nuint)item, destination.DType, Layout.Contiguous([], destination.DType.ItemSize), Device.Cpu);
        var scalar = new TensorDescriptor((nuint)(&value), type, Layout.Contiguous([], type.ItemSize), Device.Cpu);
        HostCopy.Run(scalar, single, CopyOptions.Default with { Casting = CastingRule.Unsafe });
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

    private static DType ScalarType<T>() => default(T) switch
    {
        bool => DType.Boolean,
        sbyte => DType.Int8,
        short => DType.Int16,
        int => DType.Int32,
        long or nint => DType.Int64,
        byte => DType.UInt8,
        ushort => DType.UInt16,
        uint => DType.UInt32,
        ulong or nuint => DType.UInt64,
        Half => DType.Float16,
        float => DType.Float32,
        double => DType.Float64,
        Complex => DType.Complex128,
        _ => throw new TensorUnsupportedException($"{typeof(T).Name} is no element type that casts know; fill with bool, an integer, Half, float, double or Complex, or with the item's bytes"),
    };
}
