using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Makes a copy of a kernel that takes parts of views by <see cref="GuardedParts"/>, together with the helpers that do.</summary>
internal sealed class PartGuard
{
    private static readonly Type[] Views = [typeof(ArrayView<>), typeof(ArrayView1D<,>), typeof(ArrayView2D<,>), typeof(ArrayView3D<,>)];

    private readonly Dictionary<MethodInfo, IReadOnlyList<IlInstruction>> _bodies = [];
    private readonly HashSet<MethodInfo> _changed = [];
    private readonly Dictionary<MethodInfo, MethodBuilder> _copies = [];

    /// <summary>The kernel to run in place of one, on the host's memory; the same where it takes no part of a view.</summary>
    /// <remarks>A helper with exception handlers, or behind an interface, is called as it is.</remarks>
    public static MethodInfo Guard(MethodInfo kernel)
    {
        var guard = new PartGuard();
        guard.Read(kernel);
        guard.FindChanges();
        return guard._changed.Contains(kernel) ? guard.Copy(kernel) : kernel;
    }

    private void Read(MethodInfo method)
    {
        if (_bodies.ContainsKey(method) || Body(method) is not { } body)
            return;
        _bodies.Add(method, body);
        foreach (MethodInfo called in Calls(body))
            Read(called);
    }

    private static IReadOnlyList<IlInstruction>? Body(MethodInfo method)
    {
        try
        {
            bool isForeign = !ElementWise.IsIlgpu(method.DeclaringType!) && !ElementWise.IsTrusted(method.DeclaringType!);
            return isForeign && method.GetMethodBody() is { ExceptionHandlingClauses.Count: 0 } ? IlReader.Read(method) : null;
        }
        catch (Exception failure) when (failure is ArgumentException or TypeLoadException or MissingMemberException or FileNotFoundException or KeyNotFoundException)
        {
            return null; // ILGPU will say what is wrong with it
        }
    }

    private static IEnumerable<MethodInfo> Calls(IReadOnlyList<IlInstruction> body) =>
        body.Where((instruction, i) => instruction.Code == OpCodes.Call && (i == 0 || body[i - 1].Code != OpCodes.Constrained))
            .Select(instruction => instruction.Operand).OfType<MethodInfo>();

    // Whoever takes a part, and whoever calls one who does.
    private void FindChanges()
    {
        int before;
        do
        {
            before = _changed.Count;
            foreach ((MethodInfo method, IReadOnlyList<IlInstruction> body) in _bodies)
            {
                if (Calls(body).Any(called => _changed.Contains(called) || Substitute(called) is not null))
                    _changed.Add(method);
            }
        }
        while (_changed.Count > before);
    }

    private static MethodInfo? Substitute(MethodInfo method)
    {
        Type view = method.DeclaringType!;
        if (method.Name != nameof(GuardedParts.SubView) || !view.IsGenericType || !Views.Contains(view.GetGenericTypeDefinition()))
            return null;
        Type[] parameters = [view.MakeByRefType(), .. method.GetParameters().Select(parameter => parameter.ParameterType)];
        return typeof(GuardedParts).GetMethods()
            .Where(candidate => candidate.IsGenericMethodDefinition && candidate.ReturnType.GetGenericTypeDefinition() == view.GetGenericTypeDefinition())
            .Select(candidate => candidate.MakeGenericMethod(view.GetGenericArguments()))
            .SingleOrDefault(candidate => candidate.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters));
    }

    private MethodInfo Copy(MethodInfo kernel)
    {
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("TensorBridge.GuardedKernels"), AssemblyBuilderAccess.RunAndCollect);
        ModuleBuilder module = assembly.DefineDynamicModule("TensorBridge.GuardedKernels");
        AccessGrant.Give(assembly, module, [typeof(PartGuard).Assembly, .. _changed.Select(method => method.Module.Assembly)]);
        TypeBuilder type = module.DefineType("Kernels", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        int number = 0;
        foreach (MethodInfo method in _changed)
            _copies.Add(method, type.DefineMethod($"{method.Name}{number++}", MethodAttributes.Public | MethodAttributes.Static, method.ReturnType, Parameters(method)));
        foreach ((MethodInfo method, MethodBuilder copy) in _copies)
            Write(copy.GetILGenerator(), method);
        return type.CreateType().GetMethod(_copies[kernel].Name)!;
    }

    // A struct's own method takes the struct's address first.
    private static Type[] Parameters(MethodInfo method)
    {
        IEnumerable<Type> declared = method.GetParameters().Select(parameter => parameter.ParameterType);
        Type owner = method.DeclaringType!;
        return method.IsStatic ? [.. declared] : [owner.IsValueType ? owner.MakeByRefType() : owner, .. declared];
    }

    private void Write(ILGenerator il, MethodInfo method)
    {
        foreach (LocalVariableInfo variable in method.GetMethodBody()!.LocalVariables)
            il.DeclareLocal(variable.LocalType, variable.IsPinned);
        IReadOnlyList<IlInstruction> body = _bodies[method];
        Dictionary<int, Label> labels = IlCopy.DefineLabels(il, body);
        foreach (IlInstruction instruction in body)
        {
            if (labels.TryGetValue(instruction.Offset, out Label label))
                il.MarkLabel(label);
            if (instruction.Operand is MethodInfo called && instruction.Code == OpCodes.Call && (_copies.GetValueOrDefault(called) ?? Substitute(called)) is { } other)
                il.Emit(OpCodes.Call, other);
            else if (VariableAccess.Of(instruction) is { } variable)
                EmitVariable(il, variable);
            else if (!IlCopy.EmitBranch(il, instruction, labels))
                IlCopy.Emit(il, instruction.Code, instruction.Operand);
        }
    }

    private static void EmitVariable(ILGenerator il, VariableAccess variable)
    {
        OpCode code = variable.Code;
        if (variable.IsArgument)
            code = code == OpCodes.Ldloc ? OpCodes.Ldarg : code == OpCodes.Ldloca ? OpCodes.Ldarga : OpCodes.Starg;
        il.Emit(code, (short)variable.Index);
    }
}
