using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>One instruction of a method's body.</summary>
/// <param name="Offset">Bytes from the start of the body.</param>
/// <param name="Code">The operation.</param>
/// <param name="Operand">A member, a number, a string, the target offset of a branch, or the target offsets of a switch.</param>
internal readonly record struct IlInstruction(int Offset, OpCode Code, object? Operand);
