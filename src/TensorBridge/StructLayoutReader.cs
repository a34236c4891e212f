using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace TensorBridge;

/// <summary>Describes a struct of the runtime as a record: names, offsets in managed memory, types.</summary>
/// <remarks>
/// <c>Marshal.OffsetOf</c> answers for marshalled memory, where a bool has 4 bytes. Here each byte of a value is filled
/// with its own number, the field is read through reflection, and the first byte of the copy tells its offset.
/// </remarks>
internal static class StructLayoutReader
{
    private const DynamicallyAccessedMemberTypes Fields = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields;
    private const int MaxDepth = 16;

    /// <summary>The element type of a struct.</summary>
    /// <param name="type">A type without references.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <exception cref="TensorLayoutException">A field has no element type, or its metadata was trimmed away.</exception>
    public static DType Read([DynamicallyAccessedMembers(Fields)] Type type, int size) => ReadStruct(type, size, 0);

    /// <summary>The element type of a primitive, an enumeration or a well-known number struct; null for every other type.</summary>
    public static DType? Primitive(Type type)
    {
        if (type.IsEnum)
            type = type.GetEnumUnderlyingType();
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => DType.Boolean,
            TypeCode.SByte => DType.Int8,
            TypeCode.Int16 => DType.Int16,
            TypeCode.Int32 => DType.Int32,
            TypeCode.Int64 => DType.Int64,
            TypeCode.Byte => DType.UInt8,
            TypeCode.UInt16 or TypeCode.Char => DType.UInt16,
            TypeCode.UInt32 => DType.UInt32,
            TypeCode.UInt64 => DType.UInt64,
            TypeCode.Single => DType.Float32,
            TypeCode.Double => DType.Float64,
            _ when type == typeof(Half) => DType.Float16,
            _ when type == typeof(nint) => DType.Int64,
            _ when type == typeof(nuint) => DType.UInt64,
            _ when type == typeof(System.Numerics.Complex) => DType.Complex128,
            _ => null,
        };
    }

    private static DType ReadStruct([DynamicallyAccessedMembers(Fields)] Type type, int size, int depth)
    {
        FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        if (depth > MaxDepth || type.IsPointer || type.IsFunctionPointer || type == typeof(decimal) || type == typeof(DateTime))
            throw Unsupported(type);
        if (fields.Length == 0)
            return size == 1 ? DType.Opaque(1) : throw Unsupported(type);
        object sample = NewSample(type, size, high: false);
        object highSample = NewSample(type, size, high: true);
        var records = ImmutableArray.CreateBuilder<RecordField>(fields.Length);
        foreach (FieldInfo field in fields)
        {
            int offset = FirstByte(field.GetValue(sample)!) | (FirstByte(field.GetValue(highSample)!) << 8);
            records.Add(ReadField(type, field, offset, depth));
        }

        records.Sort(static (a, b) => a.Offset.CompareTo(b.Offset));
        return DType.Record(size, records.ToImmutable());
    }

    private static RecordField ReadField(Type owner, FieldInfo field, int offset, int depth)
    {
        string name = field.GetCustomAttribute<TensorFieldAttribute>()?.Name ?? FieldName(field);
        (Type elementType, int count) = ElementOf(owner, field);
        DType element = Primitive(elementType) ?? ReadNested(elementType, depth);
        return new RecordField(name, element, offset, count < 0 ? [] : [count]);
    }

    // An automatic property's field is named for the property.
    private static string FieldName(FieldInfo field) =>
        field.Name is ['<', .. var rest] && rest.IndexOf('>') is > 0 and var end ? rest[..end] : field.Name;

    // A fixed buffer or an inline array is a sub-array; every other field counts -1.
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "A field that is missing after trimming ends in an error, never in a wrong layout.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that is missing after trimming ends in an error, never in a wrong layout.")]
    private static (Type Type, int Count) ElementOf(Type owner, FieldInfo field)
    {
        if (field.GetCustomAttribute<FixedBufferAttribute>() is { } buffer)
            return (buffer.ElementType, buffer.Length);
        if (owner.GetCustomAttribute<InlineArrayAttribute>() is { } self)
            return (field.FieldType, self.Length);
        if (field.FieldType.GetCustomAttribute<InlineArrayAttribute>() is { } inline
            && field.FieldType.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is [var item])
        {
            return (item.FieldType, inline.Length);
        }

        return (field.FieldType, -1);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "A field that is missing after trimming ends in an error, never in a wrong layout.")]
    private static DType ReadNested(Type type, int depth)
    {
        if (!type.IsValueType)
            throw Unsupported(type);
        return ReadStruct(type, SizeOf(type), depth + 1);
    }

    private static int SizeOf(Type type) => RuntimeHelpers.SizeOf(type.TypeHandle);

    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "A value type needs no constructor.")]
    private static object NewSample(Type type, int size, bool high)
    {
        object sample = RuntimeHelpers.GetUninitializedObject(type);
        Span<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref Unsafe.As<Box>(sample).First, size);
        for (int i = 0; i < size; i++)
            bytes[i] = (byte)(high ? i >> 8 : i);
        return sample;
    }

    private static int FirstByte(object boxed) => Unsafe.As<Box>(boxed).First;

    private static TensorLayoutException Unsupported(Type type) =>
        new($"no element type corresponds to the C# type {type}; use numbers, enumerations and structs of them (when trimming, keep the struct's fields)");

    // The shape of every boxed value: its bytes follow the type's handle.
    private sealed class Box
    {
        public byte First;
    }
}
