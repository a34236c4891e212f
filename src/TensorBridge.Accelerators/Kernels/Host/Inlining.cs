using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Decides whether a kernel's instructions can be copied into the host loop.</summary>
internal static class Inlining
{
    private const int MaxInstructions = 2000;

    /// <summary>True when views come from parameters, or from members of views, only and every use of one has a counterpart.</summary>
    public static bool CanCopy(MethodInfo method, MethodBody body, IReadOnlyList<IlInstruction> code)
    {
        ParameterInfo[] parameters = method.GetParameters();
        return body.ExceptionHandlingClauses.Count == 0
            && code.Count <= MaxInstructions
            && body.LocalVariables.All(variable => HasCounterpart(variable.LocalType))
            && code.All(instruction => Allows(instruction) && !ReplacesView(instruction, parameters));
    }

    /// <summary>Where an instruction may jump to.</summary>
    public static IEnumerable<int> BranchTargets(IlInstruction instruction) => instruction.Code.OperandType switch
    {
        OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget => [(int)instruction.Operand!],
        OperandType.InlineSwitch => (int[])instruction.Operand!,
        _ => [],
    };

    /// <summary>The branch with a four-byte distance: copied code has other distances.</summary>
    public static OpCode LongForm(OpCode code) => code.OperandType == OperandType.InlineBrTarget
        ? code
        : (OpCode)typeof(OpCodes).GetField(Name(code.Name![..^2]))!.GetValue(null)!;

    private static bool Allows(IlInstruction instruction)
    {
        OpCode code = instruction.Code;
        if (code == OpCodes.Tailcall || code == OpCodes.Jmp || code == OpCodes.Localloc || code == OpCodes.Leave || code == OpCodes.Leave_S)
            return false;
        return instruction.Operand switch
        {
            MethodBase method => Allows(method),
            FieldInfo field => !AccessTypes.Mentions(field.FieldType) && Allows(field),
            Type type => HasCounterpart(type),
            byte[] => false,
            _ => true,
        };
    }

    private static bool HasCounterpart(Type type) => AccessTypes.Of(type) is not null || !AccessTypes.Mentions(type);

    private static bool ReplacesView(IlInstruction instruction, ParameterInfo[] parameters) =>
        VariableAccess.Of(instruction) is { IsArgument: true, Index: var index } variable
        && variable.Code == OpCodes.Stloc && AccessTypes.Mentions(parameters[index].ParameterType);

    private static bool Allows(MethodBase method)
    {
        bool mentions = AccessTypes.Mentions(method.DeclaringType!)
            || method.GetParameters().Any(parameter => AccessTypes.Mentions(parameter.ParameterType))
            || (method is MethodInfo { ReturnType: var result } && AccessTypes.Mentions(result));
        return !mentions || AccessTypes.Substitute(method) is { } substitute
            && (method is not MethodInfo { ReturnType: var own } || substitute.ReturnType == AccessTypes.InPlaceOf(own));
    }

    private static bool Allows(FieldInfo field) =>
        !AccessTypes.Mentions(field.DeclaringType!) || AccessTypes.Substitute(field)?.FieldType == field.FieldType;

    // "bge.un" is OpCodes.Bge_Un, "brfalse" OpCodes.Brfalse.
    private static string Name(string code) => string.Join('_', code.Split('.').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
