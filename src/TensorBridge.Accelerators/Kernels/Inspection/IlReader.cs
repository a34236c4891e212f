using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Reads the instructions of a method (ECMA-335, partition III).</summary>
internal ref struct IlReader
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF);

    private readonly MethodBase _method;
    private readonly Type[]? _typeArguments;
    private readonly Type[]? _methodArguments;
    private readonly byte[] _body;
    private int _position;

    private IlReader(MethodBase method, byte[] body)
    {
        _method = method;
        _body = body;
        _typeArguments = method.DeclaringType?.GetGenericArguments();
        _methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
    }

    /// <summary>The instructions in order; null when the method has no body in IL.</summary>
    public static IReadOnlyList<IlInstruction>? Read(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } body)
            return null;
        var reader = new IlReader(method, body);
        var instructions = new List<IlInstruction>();
        while (reader._position < body.Length)
            instructions.Add(reader.Next());
        return instructions;
    }

    private IlInstruction Next()
    {
        int offset = _position;
        int value = _body[_position++];
        if (value == 0xFE)
            value = (value << 8) | _body[_position++];
        OpCode code = Codes[value];
        return new IlInstruction(offset, code, Operand(code.OperandType));
    }

    private object? Operand(OperandType type)
    {
        switch (type)
        {
            case OperandType.InlineNone:
                return null;
            case OperandType.ShortInlineBrTarget:
                int near = (sbyte)_body[_position++];
                return _position + near;
            case OperandType.ShortInlineI:
                return (int)(sbyte)_body[_position++];
            case OperandType.ShortInlineVar:
                return (int)_body[_position++];
            case OperandType.InlineVar:
                return (int)BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
            case OperandType.InlineI8:
                return BinaryPrimitives.ReadInt64LittleEndian(Take(8));
            case OperandType.InlineR:
                return BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
            case OperandType.ShortInlineR:
                return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
            case OperandType.InlineSwitch:
                return Switch();
            default:
                return Wide(type, BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
        }
    }

    private readonly object Wide(OperandType type, int value) => type switch
    {
        OperandType.InlineBrTarget => _position + value,
        OperandType.InlineI => value,
        OperandType.InlineString => _method.Module.ResolveString(value),
        OperandType.InlineSig => _method.Module.ResolveSignature(value),
        _ => _method.Module.ResolveMember(value, _typeArguments, _methodArguments)!,
    };

    private int[] Switch()
    {
        var targets = new int[BinaryPrimitives.ReadInt32LittleEndian(Take(4))];
        int end = _position + (targets.Length * 4);
        for (int i = 0; i < targets.Length; i++)
            targets[i] = end + BinaryPrimitives.ReadInt32LittleEndian(Take(4));
        return targets;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        _position += count;
        return _body.AsSpan(_position - count, count);
    }
}
