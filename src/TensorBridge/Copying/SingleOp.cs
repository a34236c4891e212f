namespace TensorBridge.Copying;

/// <summary>The operation that leads from one element type to another, where one is enough.</summary>
internal static class SingleOp
{
    /// <summary>False for records that differ and for ticks of different units: those take several passes.</summary>
    public static bool TryCreate(DType source, DType destination, out CopyOp op)
    {
        if (source.Equals(destination))
        {
            op = CopyOp.Copy(source.ItemSize);
            return true;
        }
        if (source.IsRecord || destination.IsRecord || NeedsTicks(source, destination))
        {
            op = default;
            return false;
        }
        if (CastingRules.SameButForOrder(source, destination) && source.SwapUnit > 1)
            op = CopyOp.ByteSwap(source.ItemSize, source.SwapUnit);
        else
            op = CopyOp.Cast(ElementTypes.Of(source), ElementTypes.Of(destination), !source.IsNativeOrder, !destination.IsNativeOrder);
        return true;
    }

    private static bool NeedsTicks(DType source, DType destination) =>
        source.Kind == destination.Kind && source.Kind is ElementKind.DateTime or ElementKind.TimeDelta && source.Unit != destination.Unit
        && !new DateTimeConversion(source, destination).IsIdentity;
}
