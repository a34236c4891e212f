using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Emits the loop of the host engine. Dynamic methods are optimised from their first call on, unlike ordinary ones.</summary>
internal static class HostLoopEmitter
{
    private static readonly MethodInfo Space = typeof(KernelFrame).GetProperty(nameof(KernelFrame.Space))!.GetMethod!;

    /// <summary>Emits the loop for a kernel whose frame is of the given type.</summary>
    public static HostLoop Emit(KernelMethod kernel, FrameType frame)
    {
        var method = new DynamicMethod(kernel.Method.Name + "Loop", null, [typeof(KernelFrame), typeof(long), typeof(long)], typeof(KernelFrame), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        LoopBody body = (LoopBody?)InlinedBody.Create(kernel) ?? new CalledBody(kernel);
        body.EmitPrologue(il, frame);
        if (kernel.IndexRank == 1)
            EmitLinear(il, body);
        else
            EmitNested(il, body, kernel.IndexRank);
        return method.CreateDelegate<HostLoop>();
    }

    // for (int i = (int)start; i < (int)end; i++) Kernel(new Index1D(i), …);
    private static void EmitLinear(ILGenerator il, LoopBody work)
    {
        LocalBuilder index = il.DeclareLocal(typeof(int));
        LocalBuilder end = il.DeclareLocal(typeof(int));
        EmitInt(il, () => il.Emit(OpCodes.Ldarg_1), index);
        EmitInt(il, () => il.Emit(OpCodes.Ldarg_2), end);
        Label body = il.DefineLabel();
        Label check = il.DefineLabel();
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(body);
        work.EmitIteration(il, [index]);
        EmitIncrement(il, index);
        il.MarkLabel(check);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Blt, body);
        il.Emit(OpCodes.Ret);
    }

    // One linear count, and an odometer beside it: the last axis turns fastest.
    private static void EmitNested(ILGenerator il, LoopBody work, int rank)
    {
        var index = new LocalBuilder[rank];
        var lengths = new LocalBuilder[rank];
        EmitStart(il, rank, index, lengths);
        Label body = il.DefineLabel();
        Label check = il.DefineLabel();
        Label next = il.DefineLabel();
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(body);
        work.EmitIteration(il, index);
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            EmitIncrement(il, index[axis]);
            if (axis == 0)
                break;
            il.Emit(OpCodes.Ldloc, index[axis]);
            il.Emit(OpCodes.Ldloc, lengths[axis]);
            il.Emit(OpCodes.Blt, next);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Stloc, index[axis]);
        }

        il.MarkLabel(next);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Starg_S, (byte)1);
        il.MarkLabel(check);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Blt, body);
        il.Emit(OpCodes.Ret);
    }

    // Splits the first linear index into one index per axis.
    private static void EmitStart(ILGenerator il, int rank, LocalBuilder[] index, LocalBuilder[] lengths)
    {
        LocalBuilder space = il.DeclareLocal(typeof(IndexSpace));
        LocalBuilder rest = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Space);
        il.Emit(OpCodes.Stloc, space);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stloc, rest);
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            index[axis] = il.DeclareLocal(typeof(int));
            lengths[axis] = il.DeclareLocal(typeof(int));
            EmitInt(il, () => EmitLength(il, space, axis), lengths[axis]);
            EmitInt(il, () => EmitDigit(il, OpCodes.Rem, rest, lengths[axis]), index[axis]);
            EmitDigit(il, OpCodes.Div, rest, lengths[axis]);
            il.Emit(OpCodes.Stloc, rest);
        }
    }

    private static void EmitDigit(ILGenerator il, OpCode operation, LocalBuilder rest, LocalBuilder length)
    {
        il.Emit(OpCodes.Ldloc, rest);
        il.Emit(OpCodes.Ldloc, length);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(operation);
    }

    private static void EmitLength(ILGenerator il, LocalBuilder space, int axis)
    {
        il.Emit(OpCodes.Ldloca, space);
        il.Emit(OpCodes.Call, typeof(IndexSpace).GetProperty(axis switch { 0 => nameof(IndexSpace.X), 1 => nameof(IndexSpace.Y), _ => nameof(IndexSpace.Z) })!.GetMethod!);
    }

    private static void EmitInt(ILGenerator il, Action load, LocalBuilder target)
    {
        load();
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Stloc, target);
    }

    private static void EmitIncrement(ILGenerator il, LocalBuilder value)
    {
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, value);
    }
}
