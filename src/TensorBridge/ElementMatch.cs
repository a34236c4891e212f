namespace TensorBridge;

/// <summary>Compares an element type with a .NET type, field by field.</summary>
internal static class ElementMatch
{
    /// <summary>The first difference, or null when elements may be seen as the type.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="managed">The .NET type.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <param name="describe">Gives the .NET type's own element type; called only where the size says too little.</param>
    public static string? Find(DType type, Type managed, int size, Func<DType> describe)
    {
        if (type.IsPacked)
            return "its elements share bytes";
        if (type.ItemSize != size)
            return $"an element has {type.ItemSize} bytes, the type {size}";
        if (!type.IsNativeOrder)
            return "the bytes are swapped; copy to native order first, as with astype('<…')";
        if (IsWithoutMeaning(type.Kind))
            return null;
        if (managed == typeof(bool))
            return "foreign Booleans may hold bytes other than 0 and 1; use byte";
        DType own = StructLayoutReader.Primitive(managed) ?? describe();
        return type.IsRecord
            ? own.IsRecord ? FindInFields(type, own, string.Empty) : "it is a record, the type is a number"
            : IsSame(type, own) ? null : $"the type is {own}";
    }

    private static bool IsWithoutMeaning(ElementKind kind) =>
        kind is ElementKind.Opaque or ElementKind.Bytes or ElementKind.Text or (>= ElementKind.Float8E3M4 and <= ElementKind.Float4E2M1FN);

    private static bool IsSame(DType type, DType own) => type.Kind switch
    {
        // Foreign Booleans may hold bytes other than 0 and 1, which a .NET bool must not.
        ElementKind.Boolean => own == DType.UInt8,
        ElementKind.DateTime or ElementKind.TimeDelta => own == DType.Int64,
        ElementKind.BrainFloat => own == DType.UInt16,
        ElementKind.Complex => type == own || IsPair(own, type.ItemSize switch { 4 => DType.Float16, 8 => DType.Float32, _ => DType.Float64 }),
        _ => type == own || IsWithoutMeaning(type.Kind) && own.ItemSize == type.ItemSize,
    };

    private static bool IsPair(DType own, DType part) => own.IsRecord && own.ItemSize == 2 * part.ItemSize && own.Fields switch
    {
        [{ Shape.IsEmpty: true } re, { Shape.IsEmpty: true } im] => re.Type == part && im.Type == part && im.Offset == part.ItemSize,
        [{ Shape: [2] } both] => both.Type == part,
        _ => false,
    };

    private static string? FindInFields(DType record, DType own, string prefix)
    {
        if (record.Fields.Length != own.Fields.Length)
            return $"the record has {record.Fields.Length} fields, the struct {own.Fields.Length}";
        foreach (RecordField expected in record.Fields)
        {
            RecordField? found = own.Fields.FirstOrDefault(f => f.Name.Equals(expected.Name, StringComparison.OrdinalIgnoreCase));
            string name = prefix + expected.Name;
            if (found is null)
                return $"the struct has no field '{name}'; name one so, or mark it [TensorField(\"{expected.Name}\")]";
            if (found.Offset != expected.Offset)
                return $"field '{name}' lies at byte {expected.Offset}, in the struct at {found.Offset}; set [StructLayout] and Pack or FieldOffset";
            if (found.Size != expected.Size || !SameShape(expected, found))
                return $"field '{name}' covers {expected.Size} bytes with shape {Shape(expected)}, in the struct {found.Size} with shape {Shape(found)}";
            string? inner = expected.Type.IsRecord && found.Type.IsRecord
                ? FindInFields(expected.Type, found.Type, name + ".")
                : IsSame(expected.Type, found.Type) ? null : $"field '{name}' is {expected.Type}, in the struct {found.Type}";
            if (inner is not null)
                return inner;
        }

        return null;
    }

    // .NET arrays inside a struct have one axis, whatever the shape of the sub-array; a field without a meaning may be one too.
    private static bool SameShape(RecordField expected, RecordField found)
    {
        if (IsWithoutMeaning(expected.Type.Kind))
            return true;
        long expectedCount = expected.Shape.Aggregate(1L, (a, b) => a * b);
        return expectedCount == found.Shape.Aggregate(1L, (a, b) => a * b) && expected.Shape.IsEmpty == found.Shape.IsEmpty;
    }

    private static string Shape(RecordField field) => TensorText.Tuple([.. field.Shape.Select(length => (long)length)]);
}
