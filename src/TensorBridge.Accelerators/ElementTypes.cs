using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorBridge.Accelerators;

/// <summary>Which C# types may stand for an element type in a kernel.</summary>
internal static class ElementTypes
{
    /// <summary>Refuses a C# type that does not have the element's meaning, size and byte order.</summary>
    /// <exception cref="TensorLayoutException">The types do not match; the message names the way out.</exception>
    public static void Check<T>(TensorDescriptor tensor)
        where T : unmanaged
    {
        if (Matches<T>(tensor.DType))
        {
            // A struct stands for a record only where its fields do.
            if (tensor.DType.IsRecord)
                tensor.DType.CheckElement<T>();
            return;
        }

        string wayOut = tensor.DType.IsNativeOrder
            ? $"use a view of {Suggestion(tensor.DType)}, or call Cast or Reinterpret first"
            : "its bytes are swapped: call Cast to the native type first";
        throw new TensorLayoutException($"expected a tensor of {typeof(T).Name}, got {tensor}; {wayOut}");
    }

    /// <summary>True when the C# type has the element's meaning, size and byte order.</summary>
    public static bool Matches<T>(DType type)
        where T : unmanaged
    {
        if (!type.IsNativeOrder || type.ItemSize != Unsafe.SizeOf<T>() || type.IsPacked)
            return false;
        if (typeof(T) == typeof(bool) || typeof(T) == typeof(char))
            return false;
        return type.Kind switch
        {
            ElementKind.Boolean => typeof(T) == typeof(byte),
            ElementKind.SignedInteger => typeof(T) == typeof(sbyte) || typeof(T) == typeof(short) || typeof(T) == typeof(int) || typeof(T) == typeof(long),
            ElementKind.UnsignedInteger => typeof(T) == typeof(byte) || typeof(T) == typeof(ushort) || typeof(T) == typeof(uint) || typeof(T) == typeof(ulong),
            ElementKind.Float => typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half) || typeof(T) == typeof(ILGPU.Half),
            ElementKind.BrainFloat => typeof(T) == typeof(ushort),
            ElementKind.DateTime or ElementKind.TimeDelta => typeof(T) == typeof(long),
            ElementKind.Complex => typeof(T) == typeof(Complex) || IsStruct<T>(),
            _ => IsStruct<T>(),
        };
    }

    /// <summary>The element type's name as messages write it: NumPy's where there is one, else the struct's.</summary>
    public static string NameOf<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(ILGPU.Half))
            return DType.Float16.Name;
        return typeof(T).IsPrimitive || typeof(T) == typeof(Half) || typeof(T) == typeof(Complex) ? DType.Of<T>().Name : typeof(T).Name;
    }

    /// <summary>The alignment that kernels rely on: they load a power-of-two struct in one access of its full size.</summary>
    public static int Alignment<T>()
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        return int.IsPow2(size) ? Math.Min(size, 16) : size & -size;
    }

    // For opaque items, records and short complex numbers any unmanaged struct of the right size will do; a record's fields are compared one by one.
    private static bool IsStruct<T>() => !typeof(T).IsPrimitive && !typeof(T).IsEnum;

    private static string Suggestion(DType type) => type.Kind switch
    {
        ElementKind.Boolean => "byte",
        ElementKind.SignedInteger => type.ItemSize switch { 1 => "sbyte", 2 => "short", 4 => "int", _ => "long" },
        ElementKind.UnsignedInteger => type.ItemSize switch { 1 => "byte", 2 => "ushort", 4 => "uint", _ => "ulong" },
        ElementKind.Float => type.ItemSize switch { 2 => "ILGPU.Half", 4 => "float", _ => "double" },
        ElementKind.BrainFloat => "ushort",
        ElementKind.DateTime or ElementKind.TimeDelta => "long",
        ElementKind.Complex when type.ItemSize == 16 => "System.Numerics.Complex",
        _ => $"a struct of {type.ItemSize} bytes",
    };
}
