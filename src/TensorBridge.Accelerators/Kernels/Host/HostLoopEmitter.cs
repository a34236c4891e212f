using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Emits the loop of the host engine. Dynamic methods are optimised from their first call on, unlike ordinary ones.</summary>
internal static class HostLoopEmitter
{
    private static readonly MethodInfo Space = typeof(KernelFrame).GetProperty(nameof(KernelFrame.Space))!.GetMethod!;

    /// <summary>Emits the loop for a kernel whose frame is of the given type.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="frame">Where it finds its arguments.</param>
    /// <param name="isTensorSpace">The index space will be the shape of the tensors, never one that the caller made up.</param>
    public static HostLoop Emit(KernelMethod kernel, FrameType frame, bool isTensorSpace)
    {
        var method = new DynamicMethod(kernel.Method.Name + "Loop", null, [typeof(KernelFrame), typeof(long), typeof(long)], typeof(KernelFrame), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        LoopBody body = (LoopBody?)InlinedBody.Create(kernel, isTensorSpace) ?? new CalledBody(kernel);
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
        work.EmitRun(il, [index]);
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(body);
        work.EmitIteration(il, [index]);
        work.EmitStep(il);
        EmitIncrement(il, index);
        il.MarkLabel(check);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Blt, body);
        il.Emit(OpCodes.Ret);
    }

    // One run along the last axis after another; between runs an odometer turns the other axes:
    // while (start < end) { long stop = min(last + end - start, length); …; while (last < stop) { Kernel(…); last++; } … }
    private static void EmitNested(ILGenerator il, LoopBody work, int rank)
    {
        var index = new LocalBuilder[rank];
        var lengths = new LocalBuilder[rank];
        EmitStart(il, rank, index, lengths);
        LocalBuilder stop = il.DeclareLocal(typeof(int));
        Label run = il.DefineLabel();
        Label body = il.DefineLabel();
        Label check = il.DefineLabel();
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(run);
        EmitRunLength(il, index[^1], lengths[^1], stop);
        work.EmitRun(il, index);
        il.MarkLabel(body);
        work.EmitIteration(il, index);
        work.EmitStep(il);
        EmitIncrement(il, index[^1]);
        il.Emit(OpCodes.Ldloc, index[^1]);
        il.Emit(OpCodes.Ldloc, stop);
        il.Emit(OpCodes.Blt, body);
        EmitTurn(il, index, lengths);
        il.MarkLabel(check);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Blt, run);
        il.Emit(OpCodes.Ret);
    }

    // stop = (int)min(last + (end - start), length); start += stop - last;
    private static void EmitRunLength(ILGenerator il, LocalBuilder last, LocalBuilder length, LocalBuilder stop)
    {
        il.Emit(OpCodes.Ldloc, last);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldloc, length);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod(nameof(Math.Min), [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Stloc, stop);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, stop);
        il.Emit(OpCodes.Ldloc, last);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Starg_S, (byte)1);
    }

    // After a run: last = 0; the axis before it takes a step, and the one before that when it is full.
    private static void EmitTurn(ILGenerator il, LocalBuilder[] index, LocalBuilder[] lengths)
    {
        Label done = il.DefineLabel();
        for (int axis = index.Length - 1; axis > 0; axis--)
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Stloc, index[axis]);
            EmitIncrement(il, index[axis - 1]);
            if (axis == 1)
                break;
            il.Emit(OpCodes.Ldloc, index[axis - 1]);
            il.Emit(OpCodes.Ldloc, lengths[axis - 1]);
            il.Emit(OpCodes.Blt, done);
        }

        il.MarkLabel(done);
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
