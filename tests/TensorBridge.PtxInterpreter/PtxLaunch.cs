namespace TensorBridge.PtxInterpreter;

/// <summary>Shape of a launch.</summary>
public readonly record struct PtxLaunch(int GridX, int GridY, int GridZ, int BlockX, int BlockY, int BlockZ, int DynamicShared)
{
    public int Threads => BlockX * BlockY * BlockZ;

    /// <summary>Runs a program over the whole grid and returns the number of lane instructions executed.</summary>
    public unsafe long Run(PtxProgram program, byte* parameters, int parameterSize, PtxResolver resolver) =>
        Run(program, parameters, parameterSize, resolver, Enumerable.Range(0, GridX));

    /// <summary>Runs only the given columns of blocks along the grid's first axis: enough of a grid that would take days.</summary>
    public unsafe long Run(PtxProgram program, byte* parameters, int parameterSize, PtxResolver resolver, IEnumerable<int> columns)
    {
        using var memory = new PtxMemory(resolver, parameters, parameterSize, program.SharedSize + DynamicShared);
        using var block = new PtxBlock(program, this, memory);
        for (int z = 0; z < GridZ; z++)
            for (int y = 0; y < GridY; y++)
                foreach (int x in columns)
                    block.Run(x, y, z);
        return block.Steps;
    }
}
