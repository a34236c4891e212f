namespace TensorBridge.PtxInterpreter;

/// <summary>Lifts a function of scalars to an operation on the active lanes of a warp.</summary>
public static unsafe class PtxLanes
{
    public static PtxOperation Unary<TIn, TOut>(Func<TIn, TOut> function)
        where TIn : unmanaged
        where TOut : unmanaged => (warp, instruction) =>
    {
        ulong* target = warp.Row(instruction.Target), a = warp.Row(instruction.A);
        foreach (int lane in warp.Active)
            PtxCell.Store(target + lane, function(PtxCell.Load<TIn>(a + lane)));
    };

    public static PtxOperation Binary<TLeft, TRight, TOut>(Func<TLeft, TRight, TOut> function)
        where TLeft : unmanaged
        where TRight : unmanaged
        where TOut : unmanaged => (warp, instruction) =>
    {
        ulong* target = warp.Row(instruction.Target), a = warp.Row(instruction.A), b = warp.Row(instruction.B);
        foreach (int lane in warp.Active)
            PtxCell.Store(target + lane, function(PtxCell.Load<TLeft>(a + lane), PtxCell.Load<TRight>(b + lane)));
    };

    public static PtxOperation Ternary<TFirst, TThird, TOut>(Func<TFirst, TFirst, TThird, TOut> function)
        where TFirst : unmanaged
        where TThird : unmanaged
        where TOut : unmanaged => (warp, instruction) =>
    {
        ulong* target = warp.Row(instruction.Target), a = warp.Row(instruction.A), b = warp.Row(instruction.B), c = warp.Row(instruction.C);
        foreach (int lane in warp.Active)
            PtxCell.Store(target + lane, function(PtxCell.Load<TFirst>(a + lane), PtxCell.Load<TFirst>(b + lane), PtxCell.Load<TThird>(c + lane)));
    };
}
