using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Copies the kernel's instructions into the loop, with access types in the place of ILGPU's views.</summary>
/// <remarks>
/// ILGPU's views check the buffer and its accelerator at each element and are 24 bytes to pass; an access is an address
/// and a length. The exchange is sound because <see cref="Inlining.CanCopy"/> lets a view come from a parameter or from
/// such a member only, and go only into members that have a counterpart.
/// </remarks>
internal sealed class InlinedBody : LoopBody
{
    private readonly KernelMethod _kernel;
    private readonly IReadOnlyList<IlInstruction> _code;
    private readonly IList<LocalVariableInfo> _variables;

    // Per parameter of the method, the index first: its local, and for values the local that holds them from index to index.
    private LocalBuilder[] _arguments = [];
    private LocalBuilder?[] _values = [];
    private LocalBuilder[] _locals = [];

    // Where the element of the index itself is taken, and per view of those its address and the step to the next one.
    private readonly Dictionary<int, int> _direct;
    private readonly Dictionary<int, (LocalBuilder Address, LocalBuilder Step)> _cursors = [];

    private InlinedBody(KernelMethod kernel, IReadOnlyList<IlInstruction> code, MethodBody body, bool isTensorSpace)
    {
        _direct = isTensorSpace ? DirectAccess.Find(kernel, code) : [];
        _kernel = kernel;
        _code = code;
        _variables = body.LocalVariables;
    }

    /// <summary>The body, or null where the kernel cannot be inlined.</summary>
    public static InlinedBody? Create(KernelMethod kernel, bool isTensorSpace)
    {
        MethodBody? body = kernel.Method.GetMethodBody();
        IReadOnlyList<IlInstruction>? code = IlReader.Read(kernel.Method);
        return body is not null && code is not null && Inlining.CanCopy(kernel.Method, body, code) ? new InlinedBody(kernel, code, body, isTensorSpace) : null;
    }

    public override void EmitPrologue(ILGenerator il, FrameType frame)
    {
        int count = _kernel.ParameterTypes.Length;
        _arguments = new LocalBuilder[count + 1];
        _values = new LocalBuilder?[count + 1];
        _arguments[0] = il.DeclareLocal(_kernel.IndexType!);
        for (int i = 0; i < count; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            frame.EmitLoad(il, i);
            EmitArgument(il, i, _kernel.ParameterTypes[i]);
        }

        foreach (int view in _direct.Values.Distinct())
            EmitCursor(il, view);
        _locals = [.. _variables.Select(variable => il.DeclareLocal(AccessTypes.InPlaceOf(variable.LocalType), variable.IsPinned))];
    }

    public override void EmitIteration(ILGenerator il, LocalBuilder[] index)
    {
        EmitFreshState(il, index);
        Label end = il.DefineLabel();
        Dictionary<int, Label> labels = IlCopy.DefineLabels(il, _code);
        for (int i = 0; i < _code.Count; i++)
        {
            if (labels.TryGetValue(_code[i].Offset, out Label label))
                il.MarkLabel(label);
            if (_direct.TryGetValue(i, out int view))
            {
                il.Emit(OpCodes.Ldloc, _cursors[view].Address);
                i += DirectAccess.Length - 1;
                continue;
            }

            EmitInstruction(il, _code[i], labels, end);
        }

        il.MarkLabel(end);
    }

    public override void EmitRun(ILGenerator il, LocalBuilder[] index)
    {
        foreach ((int view, (LocalBuilder address, _)) in _cursors)
        {
            il.Emit(OpCodes.Ldloca, _arguments[view]);
            foreach (LocalBuilder part in index)
                il.Emit(OpCodes.Ldloc, part);
            il.Emit(OpCodes.Call, _arguments[view].LocalType.GetMethod(nameof(FlatAccess<int>.AddressOf))!);
            il.Emit(OpCodes.Stloc, address);
        }
    }

    public override void EmitStep(ILGenerator il)
    {
        foreach ((LocalBuilder address, LocalBuilder step) in _cursors.Values)
        {
            il.Emit(OpCodes.Ldloc, address);
            il.Emit(OpCodes.Ldloc, step);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, address);
        }
    }

    private void EmitCursor(ILGenerator il, int view)
    {
        (LocalBuilder Address, LocalBuilder Step) cursor = (il.DeclareLocal(typeof(nint)), il.DeclareLocal(typeof(nint)));
        il.Emit(OpCodes.Ldloca, _arguments[view]);
        il.Emit(OpCodes.Call, _arguments[view].LocalType.GetProperty(nameof(FlatAccess<int>.Step))!.GetMethod!);
        il.Emit(OpCodes.Stloc, cursor.Step);
        _cursors.Add(view, cursor);
    }

    private void EmitArgument(ILGenerator il, int parameter, Type type)
    {
        if (AccessTypes.Of(type) is not { } access)
        {
            _arguments[parameter + 1] = il.DeclareLocal(type);
            il.Emit(OpCodes.Stloc, _values[parameter + 1] = il.DeclareLocal(type));
            return;
        }

        il.Emit(OpCodes.Ldc_I4, parameter);
        il.Emit(OpCodes.Call, access.GetMethod(nameof(FlatAccess<int>.Open))!);
        il.Emit(OpCodes.Stloc, _arguments[parameter + 1] = il.DeclareLocal(access));
    }

    // A call would begin with its parameters as passed and its locals zero; so must each turn.
    private void EmitFreshState(ILGenerator il, LocalBuilder[] index)
    {
        foreach (LocalBuilder part in index)
            il.Emit(OpCodes.Ldloc, part);
        il.Emit(OpCodes.Newobj, _kernel.IndexConstructor);
        il.Emit(OpCodes.Stloc, _arguments[0]);
        for (int i = 1; i < _values.Length; i++)
        {
            if (_values[i] is not { } value)
                continue;
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Stloc, _arguments[i]);
        }

        foreach (LocalBuilder local in _locals)
            EmitZero(il, local);
    }

    private static void EmitZero(ILGenerator il, LocalBuilder local)
    {
        if (local.LocalType.IsByRef || !local.LocalType.IsValueType)
        {
            il.Emit(local.LocalType.IsByRef ? OpCodes.Ldc_I4_0 : OpCodes.Ldnull);
            if (local.LocalType.IsByRef)
                il.Emit(OpCodes.Conv_U);
            il.Emit(OpCodes.Stloc, local);
            return;
        }

        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Initobj, local.LocalType);
    }

    private void EmitInstruction(ILGenerator il, IlInstruction instruction, Dictionary<int, Label> labels, Label end)
    {
        if (instruction.Code == OpCodes.Ret)
            il.Emit(OpCodes.Br, end);
        else if (VariableAccess.Of(instruction) is { } variable)
            il.Emit(variable.Code, (variable.IsArgument ? _arguments : _locals)[variable.Index]);
        else if (!IlCopy.EmitBranch(il, instruction, labels))
            EmitSubstitute(il, instruction.Code, instruction.Operand);
    }

    private static void EmitSubstitute(ILGenerator il, OpCode code, object? operand)
    {
        if (operand is MethodInfo method && AccessTypes.Substitute(method) is { } substitute)
            il.Emit(OpCodes.Call, substitute);
        else
            IlCopy.Emit(il, code, operand switch
            {
                FieldInfo field => AccessTypes.Substitute(field) ?? field,
                Type type => AccessTypes.InPlaceOf(type),
                _ => operand,
            });
    }
}
