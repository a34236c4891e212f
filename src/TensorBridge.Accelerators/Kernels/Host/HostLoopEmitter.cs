using System.Reflection;
using System.Reflection.Emit;
using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Emits the loop of the host engine: arguments in locals, one call per index, for the JIT to inline.</summary>
internal static class HostLoopEmitter
{
    private static readonly MethodInfo Space = typeof(KernelFrame).GetProperty(nameof(KernelFrame.Space))!.GetMethod!;

    /// <summary>Emits the loop for a kernel whose frame is of the given type.</summary>
    public static HostLoop Emit(KernelMethod kernel, FrameType frame)
    {
        var method = new DynamicMethod(kernel.Method.Name + "Loop", null, [typeof(KernelFrame), typeof(long), typeof(long)], typeof(KernelFrame), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        LocalBuilder[] arguments = EmitArguments(il, kernel, frame);
        if (kernel.IndexRank == 1)
            EmitLinear(il, kernel, arguments);
        else
            EmitNested(il, kernel, arguments);
        return method.CreateDelegate<HostLoop>();
    }

    private static LocalBuilder[] EmitArguments(ILGenerator il, KernelMethod kernel, FrameType frame)
    {
        var locals = new LocalBuilder[kernel.Binders.Length];
        for (int i = 0; i < locals.Length; i++)
        {
            locals[i] = il.DeclareLocal(kernel.Parameters[i].Type);
            il.Emit(OpCodes.Ldarg_0);
            frame.EmitLoad(il, i);
            il.Emit(OpCodes.Stloc, locals[i]);
        }

        return locals;
    }

    // for (int i = (int)start; i < (int)end; i++) Kernel(new Index1D(i), …);
    private static void EmitLinear(ILGenerator il, KernelMethod kernel, LocalBuilder[] arguments)
    {
        LocalBuilder index = il.DeclareLocal(typeof(int));
        LocalBuilder end = il.DeclareLocal(typeof(int));
        EmitInt(il, () => il.Emit(OpCodes.Ldarg_1), index);
        EmitInt(il, () => il.Emit(OpCodes.Ldarg_2), end);
        Label body = il.DefineLabel();
        Label check = il.DefineLabel();
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(body);
        EmitCall(il, kernel, arguments, [index]);
        EmitIncrement(il, index);
        il.MarkLabel(check);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Blt, body);
        il.Emit(OpCodes.Ret);
    }

    // One linear count, and an odometer beside it: the last axis turns fastest.
    private static void EmitNested(ILGenerator il, KernelMethod kernel, LocalBuilder[] arguments)
    {
        int rank = kernel.IndexRank;
        var index = new LocalBuilder[rank];
        var lengths = new LocalBuilder[rank];
        EmitStart(il, rank, index, lengths);
        Label body = il.DefineLabel();
        Label check = il.DefineLabel();
        Label next = il.DefineLabel();
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(body);
        EmitCall(il, kernel, arguments, index);
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

    private static void EmitCall(ILGenerator il, KernelMethod kernel, LocalBuilder[] arguments, LocalBuilder[] index)
    {
        foreach (LocalBuilder part in index)
            il.Emit(OpCodes.Ldloc, part);
        il.Emit(OpCodes.Newobj, kernel.IndexType!.GetConstructor([.. Enumerable.Repeat(typeof(int), index.Length)])!);
        foreach (LocalBuilder argument in arguments)
            il.Emit(OpCodes.Ldloc, argument);
        il.Emit(OpCodes.Call, kernel.Method);
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
