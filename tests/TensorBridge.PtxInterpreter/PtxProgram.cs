namespace TensorBridge.PtxInterpreter;

/// <summary>A decoded entry point, ready to run: calls are expanded, labels are places, operands are rows.</summary>
public sealed class PtxProgram
{
    public required string Name { get; init; }

    public required PtxInstruction[] Code { get; init; }

    public required PtxRegisterFile Registers { get; init; }

    /// <summary>Bytes of statically declared shared memory; a dynamic array begins here.</summary>
    public required int SharedSize { get; init; }

    /// <summary>Bytes of local memory of one thread.</summary>
    public required int LocalSize { get; init; }

    public static PtxProgram Decode(string text, string entry)
    {
        PtxSource source = PtxParser.Parse(text);
        return source.Functions.TryGetValue(entry, out PtxFunction? function)
            ? new PtxDecoder(source).Decode(function)
            : throw new PtxFault($"there is no entry '{entry}'", PtxFault.InvalidPtx);
    }
}
