using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>An instruction on an argument or a local, in its general form.</summary>
/// <param name="IsArgument">True for arguments.</param>
/// <param name="Index">Which.</param>
/// <param name="Code"><c>ldloc</c>, <c>ldloca</c> or <c>stloc</c>.</param>
internal readonly record struct VariableAccess(bool IsArgument, int Index, OpCode Code)
{
    private static readonly OpCode[] ShortLoads = [OpCodes.Ldloc_0, OpCodes.Ldloc_1, OpCodes.Ldloc_2, OpCodes.Ldloc_3];
    private static readonly OpCode[] ShortStores = [OpCodes.Stloc_0, OpCodes.Stloc_1, OpCodes.Stloc_2, OpCodes.Stloc_3];
    private static readonly OpCode[] ShortArguments = [OpCodes.Ldarg_0, OpCodes.Ldarg_1, OpCodes.Ldarg_2, OpCodes.Ldarg_3];

    /// <summary>The access that an instruction is, or null.</summary>
    public static VariableAccess? Of(IlInstruction instruction)
    {
        OpCode code = instruction.Code;
        if (Array.IndexOf(ShortLoads, code) is >= 0 and int load)
            return new(false, load, OpCodes.Ldloc);
        if (Array.IndexOf(ShortStores, code) is >= 0 and int store)
            return new(false, store, OpCodes.Stloc);
        if (Array.IndexOf(ShortArguments, code) is >= 0 and int argument)
            return new(true, argument, OpCodes.Ldloc);
        if (code.OperandType is not (OperandType.InlineVar or OperandType.ShortInlineVar))
            return null;
        string name = code.Name!.Split('.')[0];
        OpCode general = name.StartsWith("st", StringComparison.Ordinal) ? OpCodes.Stloc
            : name is "ldarga" or "ldloca" ? OpCodes.Ldloca : OpCodes.Ldloc;
        return new(name.Contains("arg", StringComparison.Ordinal), (int)instruction.Operand!, general);
    }
}
