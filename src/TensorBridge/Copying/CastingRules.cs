namespace TensorBridge.Copying;

/// <summary>NumPy's <c>can_cast</c>: which conversions of element type a rule allows.</summary>
public static class CastingRules
{
    private static readonly string[] Names = ["no", "equiv", "safe", "same_kind", "unsafe"];

    /// <summary>Reads NumPy's name of a rule: <c>no</c>, <c>equiv</c>, <c>safe</c>, <c>same_kind</c>, <c>unsafe</c>.</summary>
    /// <exception cref="TensorFormatException">The text is none of them.</exception>
    public static CastingRule Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int rule = Array.IndexOf(Names, name);
        return rule >= 0 ? (CastingRule)rule : throw new TensorFormatException($"casting is '{name}'; write one of '{string.Join("', '", Names)}'");
    }

    /// <summary>NumPy's name of a rule.</summary>
    public static string Name(CastingRule rule) => Names[(int)rule];

    /// <summary>True when <paramref name="rule"/> allows the conversion.</summary>
    public static bool CanCast(DType from, DType to, CastingRule rule)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (from.Equals(to))
            return true;
        if (rule == CastingRule.No)
            return false;
        if (SameButForOrder(from, to))
            return true;
        if (rule == CastingRule.Equiv)
            return false;
        ElementType source = ElementTypes.Of(from);
        ElementType destination = ElementTypes.Of(to);
        if (from.IsRecord && to.IsRecord)
            return FieldsCanCast(from, to, rule);
        if (source == ElementType.None || destination == ElementType.None)
            return false;
        if (rule == CastingRule.Unsafe)
            return true;
        return Ticks(source) || Ticks(destination) ? TicksCanCast(from, to, rule) : NumbersCanCast(source, destination, rule);
    }

    /// <summary>The same bytes up to their order inside components.</summary>
    internal static bool SameButForOrder(DType from, DType to)
    {
        if (from.Kind != to.Kind || from.ItemSize != to.ItemSize || from.Unit != to.Unit || from.Bits != to.Bits || from.IsPacked != to.IsPacked || from.Fields.Length != to.Fields.Length)
            return false;
        for (int i = 0; i < from.Fields.Length; i++)
        {
            RecordField a = from.Fields[i];
            RecordField b = to.Fields[i];
            if (a.Name != b.Name || a.Offset != b.Offset || !a.Shape.AsSpan().SequenceEqual(b.Shape.AsSpan()) || !SameButForOrder(a.Type, b.Type))
                return false;
        }
        return true;
    }

    /// <summary>Records convert field by field, in order of declaration.</summary>
    private static bool FieldsCanCast(DType from, DType to, CastingRule rule)
    {
        if (from.Fields.Length != to.Fields.Length)
            return false;
        for (int i = 0; i < from.Fields.Length; i++)
        {
            if (!from.Fields[i].Shape.AsSpan().SequenceEqual(to.Fields[i].Shape.AsSpan()) || !CanCast(from.Fields[i].Type, to.Fields[i].Type, rule))
                return false;
        }
        return true;
    }

    /// <summary>Numbers, truth values included.</summary>
    private static bool NumbersCanCast(ElementType from, ElementType to, CastingRule rule)
    {
        if (from == to || from == ElementType.Boolean)
            return true;
        if (rule == CastingRule.SameKind)
            return KindOrder(from) <= KindOrder(to);
        int need = KindOrder(from);
        int have = KindOrder(to);
        if (need > have)
            return false;
        if (need == have)
            return IsWiderFloat(from, to) ?? from.Size() <= to.Size();
        return need == 1 && have == 2 ? from.Size() < to.Size() : FloatHolds(from, to);
    }

    /// <summary>binary16 and bfloat16 have the same size and neither holds the other.</summary>
    private static bool? IsWiderFloat(ElementType from, ElementType to) =>
        from.Size() == to.Size() && from != to && KindOrder(from) == 3 ? false : null;

    /// <summary>A float or complex type holds an integer (or smaller float) safely; 64-bit integers go to binary64 by NumPy's convention.</summary>
    private static bool FloatHolds(ElementType from, ElementType to)
    {
        int part = to.ComponentSize();
        if (KindOrder(from) == 3)
            return from.Size() <= part && !(from == ElementType.BFloat16 && part == 2);
        return part switch
        {
            2 => from.Size() == 1,
            4 => from.Size() <= 2,
            _ => true,
        };
    }

    /// <summary>Durations take integers; dates and durations take their own kind in another unit.</summary>
    private static bool TicksCanCast(DType from, DType to, CastingRule rule)
    {
        if (from.Kind == to.Kind)
            return DateTimeConversion.CanCast(from, to, rule);
        bool integer = from.Kind is ElementKind.Boolean or ElementKind.SignedInteger or ElementKind.UnsignedInteger;
        if (to.Kind != ElementKind.TimeDelta || !integer)
            return false;
        return rule == CastingRule.SameKind || from.Kind != ElementKind.UnsignedInteger || from.ItemSize < 8;
    }

    private static bool Ticks(ElementType type) => type is ElementType.DateTime64 or ElementType.TimeDelta64;

    /// <summary>bool, unsigned, signed, float, complex: same_kind goes upwards.</summary>
    private static int KindOrder(ElementType type) => type switch
    {
        ElementType.Boolean => 0,
        >= ElementType.UInt8 and <= ElementType.UInt64 => 1,
        >= ElementType.Int8 and <= ElementType.Int64 => 2,
        >= ElementType.Float16 and <= ElementType.Float64 => 3,
        _ => 4,
    };
}
