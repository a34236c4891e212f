using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Which C# types a kernel's parameters can have, and what binds each.</summary>
internal static class KernelTypes
{
    private static readonly Dictionary<Type, Type> Views = new()
    {
        [typeof(ArrayView<>)] = typeof(ArrayViewBinder<>),
        [typeof(ReadOnlyView<>)] = typeof(ReadOnlyViewBinder<>),
        [typeof(StridedView<,>)] = typeof(StridedViewBinder<,>),
        [typeof(ReadOnlyStridedView<,>)] = typeof(ReadOnlyStridedViewBinder<,>),
    };

    private static readonly Dictionary<Type, Type> Strides = new()
    {
        [typeof(Stride1D.Dense)] = typeof(Dense1DBinder<>),
        [typeof(Stride1D.General)] = typeof(General1DBinder<>),
        [typeof(Stride2D.DenseX)] = typeof(DenseX2DBinder<>),
        [typeof(Stride2D.DenseY)] = typeof(DenseY2DBinder<>),
        [typeof(Stride2D.General)] = typeof(General2DBinder<>),
        [typeof(Stride3D.DenseXY)] = typeof(DenseXY3DBinder<>),
        [typeof(Stride3D.DenseZY)] = typeof(DenseZY3DBinder<>),
        [typeof(Stride3D.General)] = typeof(General3DBinder<>),
    };

    /// <summary>The rank of an index type that a kernel can begin with, or 0.</summary>
    public static int IndexRank(Type type) =>
        type == typeof(Index1D) ? 1 : type == typeof(Index2D) ? 2 : type == typeof(Index3D) ? 3 : 0;

    /// <summary>True for ILGPU's views, ours, and specialised values: what only kernels take.</summary>
    public static bool IsKernelOnly(Type type) => type.IsGenericType
        && (Views.ContainsKey(type.GetGenericTypeDefinition()) || IsAxesView(type) || type.GetGenericTypeDefinition() == typeof(SpecializedValue<>));

    /// <summary>The binder for a parameter, or null with the reason.</summary>
    public static ParameterBinder? CreateBinder(KernelParameter parameter, out string? reason)
    {
        Type type = parameter.Type;
        reason = Refusal(type);
        if (reason is not null)
            return null;
        if (!type.IsGenericType)
            return CreateValue(parameter, type);
        Type open = type.GetGenericTypeDefinition();
        Type[] arguments = type.GetGenericArguments();
        if (open == typeof(SpecializedValue<>))
            return Create(typeof(SpecializedBinder<>), arguments, parameter, CreateValue(parameter, arguments[0]));
        if (Views.TryGetValue(open, out Type? view))
            return Create(view, arguments, parameter);
        if (!IsAxesView(type))
            return CreateValue(parameter, type);
        if (Strides.TryGetValue(arguments[1], out Type? axes))
            return Create(axes, arguments[..1], parameter);
        reason = $"strides {arguments[1].Name} are not supported";
        return null;
    }

    /// <summary>The binder for a parameter passed by value.</summary>
    public static ParameterBinder CreateValue(KernelParameter parameter, Type type)
    {
        if (type == typeof(ILGPU.Half))
            return new IlgpuHalfBinder(parameter);
        bool isNumber = type.IsPrimitive || type == typeof(System.Half) || type == typeof(Int128) || type == typeof(UInt128);
        return Create(isNumber ? typeof(ScalarBinder<>) : typeof(StructBinder<>), [type], parameter);
    }

    private static string? Refusal(Type type)
    {
        foreach (Type part in type.IsGenericType ? [type, .. type.GetGenericArguments()] : new[] { type })
        {
            if (part == typeof(bool) || part == typeof(char))
                return $"ILGPU takes no {part.Name} in kernels: use byte or ushort";
            if (part == typeof(nint) || part == typeof(nuint))
                return $"{part.Name} has no fixed size: use long or ulong";
            if (!part.IsValueType || part.IsByRef || part.IsPointer || part.IsByRefLike)
                return $"{part.Name} is no unmanaged value";
        }

        return IsKernelOnly(type) || !HoldsReferences(type) ? null : $"{type.Name} holds references or views";
    }

    private static bool HoldsReferences(Type type)
    {
        if (type.IsPrimitive || type.IsEnum)
            return false;
        const System.Reflection.BindingFlags Fields = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic;
        return type.GetFields(Fields).Any(field => !field.FieldType.IsValueType || HoldsReferences(field.FieldType));
    }

    private static bool IsAxesView(Type type)
    {
        Type open = type.GetGenericTypeDefinition();
        return open == typeof(ArrayView1D<,>) || open == typeof(ArrayView2D<,>) || open == typeof(ArrayView3D<,>);
    }

    private static ParameterBinder Create(Type open, Type[] types, params object[] arguments) =>
        (ParameterBinder)Activator.CreateInstance(open.MakeGenericType(types), arguments)!;
}
