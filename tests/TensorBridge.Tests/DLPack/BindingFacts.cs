using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using TensorBridge.DLPack;

namespace TensorBridge.Tests.DLPack;

/// <summary>What reflection says about the generated bindings, in the words of dlpack_layout.c.</summary>
internal static class BindingFacts
{
    /// <summary>All C structs: the types of the namespace that have an explicit layout.</summary>
    public static IEnumerable<Type> Structs =>
        typeof(DLTensor).Assembly.GetTypes().Where(t => t is { IsValueType: true, IsExplicitLayout: true } && t.Namespace == typeof(DLTensor).Namespace && t.IsPublic);

    private static IEnumerable<Type> Enums => [typeof(DLDeviceType), typeof(DLDataTypeCode)];

    public static IEnumerable<string> All() =>
        Constants().Concat(Enums.SelectMany(Values)).Append(Base(typeof(DLDeviceType))).Concat(Structs.SelectMany(Layout));

    private static IEnumerable<string> Constants() =>
        typeof(DLPackConstants).GetFields().Select(f => $"const {f.Name} {Number(f.GetRawConstantValue())}");

    private static IEnumerable<string> Values(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"enum {type.Name} {f.Name} {Number(f.GetRawConstantValue())}");

    private static string Base(Type type)
    {
        Type underlying = type.GetEnumUnderlyingType();
        return $"base {type.Name} {Marshal.SizeOf(underlying)} {(underlying == typeof(int) ? 's' : 'u')}";
    }

    private static IEnumerable<string> Layout(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Select(f => $"field {type.Name} {f.Name} {f.GetCustomAttribute<FieldOffsetAttribute>()!.Value} {Size(f.FieldType)}")
            .Prepend($"struct {type.Name} size {Size(type)}");

    private static int Size(Type type) =>
        type.IsPointer || type.IsFunctionPointer ? nint.Size
        : type.IsEnum ? Marshal.SizeOf(type.GetEnumUnderlyingType())
        : Marshal.SizeOf(type);

    private static string Number(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
