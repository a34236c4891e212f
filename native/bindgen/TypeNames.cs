using CppSharp.AST;
using CppSharp.AST.Extensions;
using AstType = CppSharp.AST.Type;

namespace TensorBridge.Bindgen;

/// <summary>Names C types in C#, with the same size on every platform.</summary>
internal static class TypeNames
{
    /// <summary>The C# type that has the layout of a C type.</summary>
    public static string Of(AstType type) => type switch
    {
        PointerType { Pointee: var pointee } when pointee.Desugar() is FunctionType function => FunctionPointer(function),
        PointerType pointer => $"{Of(pointer.Pointee)}*",
        TypedefType typedef => FixedWidth(typedef.Declaration.Name) ?? Of(typedef.Declaration.Type),
        TagType tag => tag.Declaration.OriginalName,
        BuiltinType builtin => Builtin(builtin.Type),
        AttributedType attributed => Of(attributed.Modified.Type),
        _ when type.Desugar() is { } plain && !ReferenceEquals(plain, type) => Of(plain),
        _ => throw new NotSupportedException($"no C# form for the C type {type} ({type.GetType().Name})"),
    };

    private static string FunctionPointer(FunctionType function)
    {
        var types = function.Parameters.Select(p => Of(p.Type)).Append(Of(function.ReturnType.Type));
        return $"delegate* unmanaged[Cdecl]<{string.Join(", ", types)}>";
    }

    // Before looking through the typedef: int64_t is "long" on one platform and "long long" on another.
    private static string? FixedWidth(string typedef) => typedef switch
    {
        "int8_t" => "sbyte",
        "uint8_t" => "byte",
        "int16_t" => "short",
        "uint16_t" => "ushort",
        "int32_t" => "int",
        "uint32_t" => "uint",
        "int64_t" => "long",
        "uint64_t" => "ulong",
        _ => null,
    };

    // Only what has one size everywhere; "long" is missing on purpose.
    private static string Builtin(PrimitiveType type) => type switch
    {
        PrimitiveType.Void => "void",
        PrimitiveType.Char => "byte", // UTF-8 text
        PrimitiveType.Int => "int",
        PrimitiveType.UInt => "uint",
        _ => throw new NotSupportedException($"C type {type}: use a type of fixed width in the header"),
    };
}
