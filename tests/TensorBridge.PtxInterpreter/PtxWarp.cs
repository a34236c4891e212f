using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorBridge.PtxInterpreter;

/// <summary>What a lane is doing.</summary>
public enum LaneState
{
    Running,
    AtBarrier,
    AtTogether,
    Done,
}

/// <summary>32 threads that execute in lockstep: registers, places in the code, local memory.</summary>
public sealed unsafe class PtxWarp : IDisposable
{
    public const int Width = 32;

    private readonly ulong* registers;
    private readonly byte* local;

    public PtxWarp(PtxProgram program, PtxBlock block, int index)
    {
        Block = block;
        Index = index;
        LocalSize = program.LocalSize;
        registers = (ulong*)NativeMemory.AllocZeroed((nuint)Math.Max(program.Registers.Count, 1), Width * sizeof(ulong));
        local = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(LocalSize, 1), Width);
        foreach ((int row, ulong value) in program.Registers.Constants)
            new Span<ulong>(Row(row), Width).Fill(value);
    }

    public PtxBlock Block { get; }

    public int Index { get; }

    public int LocalSize { get; }

    public int[] Places { get; } = new int[Width];

    public LaneState[] States { get; } = new LaneState[Width];

    /// <summary>The lanes that the current instruction works on; the first <see cref="Count"/> entries count.</summary>
    public int[] Lanes { get; set; } = new int[Width];

    public int Count { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong* Row(int row) => registers + row * Width;

    public byte* Local(int lane) => local + (long)lane * LocalSize;

    public ReadOnlySpan<int> Active => Lanes.AsSpan(0, Count);

    public void Dispose()
    {
        NativeMemory.Free(registers);
        NativeMemory.Free(local);
    }
}
