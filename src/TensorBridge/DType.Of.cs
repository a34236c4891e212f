using System.Numerics;

namespace TensorBridge;

public sealed partial class DType
{
    /// <summary>The element type whose memory a C# value of type <typeparamref name="T"/> is.</summary>
    /// <exception cref="TensorLayoutException">No element type has the meaning of <typeparamref name="T"/>.</exception>
    public static DType Of<T>()
        where T : unmanaged => OfPrimitive(typeof(T))
        ?? throw new TensorLayoutException($"no element type corresponds to the C# type {typeof(T).Name}");

    private static DType? OfPrimitive(Type type)
    {
        if (type == typeof(float))
            return Float32;
        if (type == typeof(double))
            return Float64;
        if (type == typeof(Half))
            return Float16;
        if (type == typeof(sbyte))
            return Int8;
        if (type == typeof(byte))
            return UInt8;
        if (type == typeof(short))
            return Int16;
        if (type == typeof(ushort))
            return UInt16;
        if (type == typeof(int))
            return Int32;
        if (type == typeof(uint))
            return UInt32;
        if (type == typeof(long))
            return Int64;
        if (type == typeof(ulong))
            return UInt64;
        return type == typeof(Complex) ? Complex128 : null;
    }
}
