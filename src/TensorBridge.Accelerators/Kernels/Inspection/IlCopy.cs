using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Writes instructions that were read from another method.</summary>
internal static class IlCopy
{
    /// <summary>A label for every instruction that another one jumps to.</summary>
    public static Dictionary<int, Label> DefineLabels(ILGenerator il, IReadOnlyList<IlInstruction> code)
    {
        var labels = new Dictionary<int, Label>();
        foreach (int target in code.SelectMany(Inlining.BranchTargets))
            labels.TryAdd(target, il.DefineLabel());
        return labels;
    }

    /// <summary>Writes a branch or a switch; false for everything else.</summary>
    public static bool EmitBranch(ILGenerator il, IlInstruction instruction, Dictionary<int, Label> labels)
    {
        OpCode code = instruction.Code;
        if (code.OperandType is OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget)
            il.Emit(Inlining.LongForm(code), labels[(int)instruction.Operand!]);
        else if (code.OperandType == OperandType.InlineSwitch)
            il.Emit(code, [.. ((int[])instruction.Operand!).Select(target => labels[target])]);
        else
            return false;
        return true;
    }

    /// <summary>Writes an instruction that is neither a branch nor the use of a variable.</summary>
    public static void Emit(ILGenerator il, OpCode code, object? operand)
    {
        switch (operand)
        {
            case null:
                il.Emit(code);
                break;
            case MethodInfo method:
                il.Emit(code, method);
                break;
            case ConstructorInfo constructor:
                il.Emit(code, constructor);
                break;
            case FieldInfo field:
                il.Emit(code, field);
                break;
            case Type type:
                il.Emit(code, type);
                break;
            case string text:
                il.Emit(code, text);
                break;
            case int number:
                il.Emit(code == OpCodes.Ldc_I4_S ? OpCodes.Ldc_I4 : code, number);
                break;
            case long number:
                il.Emit(code, number);
                break;
            case float number:
                il.Emit(code, number);
                break;
            case double number:
                il.Emit(code, number);
                break;
            default:
                throw new NotSupportedException($"operand {operand} of {code.Name}");
        }
    }
}
