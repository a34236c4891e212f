using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Emits the call of ILGPU's typed launcher delegate.</summary>
internal static class AcceleratorCallEmitter
{
    private const int MaxParameters = 14;

    /// <summary>The type of ILGPU's launcher: stream, index or configuration, then the kernel's own parameters.</summary>
    /// <exception cref="TensorUnsupportedException">The kernel has more parameters than a launcher can carry.</exception>
    public static Type LauncherType(KernelMethod kernel)
    {
        if (kernel.ParameterTypes.Length > MaxParameters)
            throw new TensorUnsupportedException($"{kernel.Name} has {kernel.ParameterTypes.Length} parameters; on an accelerator {MaxParameters} is the limit: gather some in a struct");
        return Expression.GetActionType([typeof(AcceleratorStream), kernel.IndexType ?? typeof(KernelConfig), .. kernel.ParameterTypes]);
    }

    public static AcceleratorCall Emit(KernelMethod kernel, FrameType frame, Type launcher)
    {
        var method = new DynamicMethod(kernel.Method.Name + "Call", null, [typeof(KernelFrame), typeof(Delegate), typeof(AcceleratorStream), typeof(KernelConfig)], typeof(KernelFrame), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        if (kernel.IndexType is null)
            il.Emit(OpCodes.Ldarg_3);
        else
            EmitIndex(il, kernel);
        for (int i = 0; i < kernel.ParameterTypes.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            frame.EmitLoad(il, i);
        }

        il.Emit(OpCodes.Callvirt, launcher.GetMethod("Invoke")!);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<AcceleratorCall>();
    }

    private static void EmitIndex(ILGenerator il, KernelMethod kernel)
    {
        LocalBuilder space = il.DeclareLocal(typeof(IndexSpace));
        MethodInfo spaceOf = typeof(KernelFrame).GetProperty(nameof(KernelFrame.Space))!.GetMethod!;
        string[] axes = [nameof(IndexSpace.X), nameof(IndexSpace.Y), nameof(IndexSpace.Z)];
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, spaceOf);
        il.Emit(OpCodes.Stloc, space);
        foreach (string axis in axes.AsSpan(0, kernel.IndexRank))
        {
            il.Emit(OpCodes.Ldloca, space);
            il.Emit(OpCodes.Call, typeof(IndexSpace).GetProperty(axis)!.GetMethod!);
            il.Emit(OpCodes.Conv_I4);
        }

        il.Emit(OpCodes.Newobj, kernel.IndexConstructor);
    }
}
