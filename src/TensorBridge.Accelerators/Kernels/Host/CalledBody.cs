using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Calls the kernel's method, with ILGPU's views as they are.</summary>
internal sealed class CalledBody(KernelMethod kernel) : LoopBody
{
    private readonly MethodInfo _method = PartGuard.Guard(kernel.Method);
    private readonly LocalBuilder[] _arguments = new LocalBuilder[kernel.Binders.Length];

    public override void EmitPrologue(ILGenerator il, FrameType frame)
    {
        for (int i = 0; i < _arguments.Length; i++)
        {
            _arguments[i] = il.DeclareLocal(kernel.ParameterTypes[i]);
            il.Emit(OpCodes.Ldarg_0);
            frame.EmitLoad(il, i);
            il.Emit(OpCodes.Stloc, _arguments[i]);
        }
    }

    public override void EmitIteration(ILGenerator il, LocalBuilder[] index)
    {
        foreach (LocalBuilder part in index)
            il.Emit(OpCodes.Ldloc, part);
        il.Emit(OpCodes.Newobj, kernel.IndexConstructor);
        foreach (LocalBuilder argument in _arguments)
            il.Emit(OpCodes.Ldloc, argument);
        il.Emit(OpCodes.Call, _method);
    }
}
