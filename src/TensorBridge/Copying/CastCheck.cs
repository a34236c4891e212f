namespace TensorBridge.Copying;

/// <summary>Says no to conversions that a rule forbids, with the way out.</summary>
internal static class CastCheck
{
    public static void ThrowUnlessAllowed(DType from, DType to, CastingRule rule)
    {
        if (from.Equals(to) || CastingRules.CanCast(from, to, rule))
            return;
        string way = rule != CastingRule.Unsafe && CastingRules.CanCast(from, to, CastingRule.Unsafe)
            ? $"allow it with casting '{CastingRules.Name(Least(from, to))}'"
            : "there is no conversion between these types; copy their bytes through a reinterpreted view if that is meant";
        throw new TensorUnsupportedException($"cannot cast {from} to {to} under casting '{CastingRules.Name(rule)}'; {way}");
    }

    private static CastingRule Least(DType from, DType to)
    {
        CastingRule rule = CastingRule.Equiv;
        while (rule < CastingRule.Unsafe && !CastingRules.CanCast(from, to, rule))
            rule++;
        return rule;
    }
}
