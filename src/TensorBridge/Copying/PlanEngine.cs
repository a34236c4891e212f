namespace TensorBridge.Copying;

/// <summary>Executes one plan on the calling thread: plain copies and fills by the word engine, casts and byte swaps by blocks around it.</summary>
internal static unsafe class PlanEngine
{
    public static void Execute(Plan plan, byte* source, byte* destination)
    {
        if (plan.Path == CopyPath.Nothing)
            return;
        if (plan.Op.Kind is CopyOpKind.Cast or CopyOpKind.ByteSwap)
            ConvertEngine.Execute(plan, source, destination);
        else
            Move(plan, source, destination);
    }

    /// <summary>Copies words without changing them.</summary>
    public static void Move(Plan plan, byte* source, byte* destination) => PlainEngine.Execute(plan, source, destination);
}
