using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Which access type stands for which view, and which of its members for which.</summary>
internal static class AccessTypes
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public;

    private static readonly Dictionary<Type, Type> Map = new()
    {
        [typeof(ArrayView<>)] = typeof(FlatAccess<>),
        [typeof(ReadOnlyView<>)] = typeof(ReadOnlyAccess<>),
        [typeof(ArrayView1D<,>)] = typeof(Axes1DAccess<,>),
        [typeof(ArrayView2D<,>)] = typeof(Axes2DAccess<,>),
        [typeof(ArrayView3D<,>)] = typeof(Axes3DAccess<,>),
        [typeof(StridedView<,>)] = typeof(StridedAccess<,>),
        [typeof(ReadOnlyStridedView<,>)] = typeof(ReadOnlyStridedAccess<,>),
    };

    /// <summary>The access type for a view, or null for any other type.</summary>
    public static Type? Of(Type type) => type.IsGenericType && Map.TryGetValue(type.GetGenericTypeDefinition(), out Type? access)
        ? access.MakeGenericType(type.GetGenericArguments())
        : null;

    /// <summary>The access type for a view; any other type as it is.</summary>
    public static Type InPlaceOf(Type type) => Of(type) ?? type;

    /// <summary>True when a view occurs anywhere in a type.</summary>
    public static bool Mentions(Type type) => type.HasElementType
        ? Mentions(type.GetElementType()!)
        : Of(type) is not null || (type.IsGenericType && type.GetGenericArguments().Any(Mentions));

    /// <summary>The method that stands for one of a view, or null.</summary>
    public static MethodInfo? Substitute(MethodBase method)
    {
        Type[] parameters = [.. method.GetParameters().Select(parameter => InPlaceOf(parameter.ParameterType))];
        if (method.DeclaringType == typeof(StridedViewExtensions))
            return Extension((MethodInfo)method, parameters);
        return Of(method.DeclaringType!)?.GetMethod(method.Name, Members, parameters);
    }

    /// <summary>The field that stands for one of a view, or null.</summary>
    public static FieldInfo? Substitute(FieldInfo field) => Of(field.DeclaringType!)?.GetField(field.Name, Members);

    private static MethodInfo? Extension(MethodInfo method, Type[] parameters) => typeof(StridedAccessExtensions)
        .GetMethods()
        .Where(candidate => candidate.Name == method.Name && candidate.IsGenericMethodDefinition)
        .Select(candidate => candidate.MakeGenericMethod(method.GetGenericArguments()))
        .SingleOrDefault(candidate => candidate.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters));
}
