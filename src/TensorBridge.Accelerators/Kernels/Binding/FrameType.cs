using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>The frame class of one list of parameter types, and the code that fills it.</summary>
internal sealed class FrameType
{
    private static readonly MethodInfo Item = typeof(ReadOnlySpan<KernelArgument>).GetMethod("get_Item")!;

    private readonly int _count;
    private readonly ConstructorInfo _constructor;

    public FrameType(ReadOnlySpan<Type> parameters)
    {
        _count = parameters.Length;
        Tuple = ArgumentTuple.TypeOf(parameters);
        Frame = typeof(KernelFrame<>).MakeGenericType(Tuple);
        Arguments = Frame.GetField(nameof(KernelFrame<ValueTuple>.Arguments))!;
        _constructor = Frame.GetConstructors()[0];
        Bind = EmitBinder(parameters);
    }

    /// <summary>The closed <see cref="KernelFrame{TArguments}"/>.</summary>
    public Type Frame { get; }

    /// <summary>Its field of values.</summary>
    public FieldInfo Arguments { get; }

    /// <summary>The type of that field.</summary>
    public Type Tuple { get; }

    /// <summary>Fills a frame.</summary>
    public FrameBinder Bind { get; }

    public KernelFrame Create(AcceleratorBridge? bridge) => (KernelFrame)_constructor.Invoke([bridge, _count]);

    /// <summary>With a frame of this type on the stack, replaces it by the value of one argument.</summary>
    public void EmitLoad(ILGenerator il, int item)
    {
        il.Emit(OpCodes.Ldflda, Arguments);
        il.Emit(OpCodes.Ldfld, ArgumentTuple.EmitDescent(il, Tuple, item));
    }

    private FrameBinder EmitBinder(ReadOnlySpan<Type> parameters)
    {
        var method = new DynamicMethod("Bind", null, [typeof(KernelFrame), typeof(ParameterBinder[]), typeof(ReadOnlySpan<KernelArgument>)], typeof(KernelFrame), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        for (int i = 0; i < parameters.Length; i++)
        {
            Type binder = typeof(ParameterBinder<>).MakeGenericType(parameters[i]);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldflda, Arguments);
            FieldInfo target = ArgumentTuple.EmitDescent(il, Tuple, i);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldelem_Ref);
            il.Emit(OpCodes.Ldarga_S, (byte)2);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Call, Item);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Callvirt, binder.GetMethod(nameof(ParameterBinder<int>.Read))!);
            il.Emit(OpCodes.Stfld, target);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<FrameBinder>();
    }
}
