using System.Runtime.InteropServices;

namespace TensorBridge.PtxInterpreter;

/// <summary>Finds the allocation around a device address; false when the context may not touch it.</summary>
public unsafe delegate bool PtxResolver(ulong address, out ulong start, out ulong size, out byte* host);

/// <summary>
/// The memory a launch can reach. Every access is checked for bounds and for natural alignment of its full width.
/// Generic addresses of shared and local memory lie in windows that no allocation can occupy.
/// </summary>
public sealed unsafe class PtxMemory : IDisposable
{
    public const ulong SharedWindow = 0x1000_0000_0000_0000;
    public const ulong LocalWindow = 0x2000_0000_0000_0000;

    private const int RememberedRanges = 4;

    private readonly PtxResolver resolver;
    private readonly byte* parameters;
    private readonly int parameterSize;
    private readonly byte* shared;
    private readonly Range[] ranges = new Range[RememberedRanges];
    private int nextRange;

    public PtxMemory(PtxResolver resolver, byte* parameters, int parameterSize, int sharedSize)
    {
        this.resolver = resolver;
        this.parameters = parameters;
        this.parameterSize = parameterSize;
        SharedSize = sharedSize;
        shared = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(sharedSize, 1), 256);
    }

    public int SharedSize { get; }

    /// <summary>A block finds no zeros in its shared memory, on a GPU neither.</summary>
    public void SpoilShared() => NativeMemory.Fill(shared, (nuint)SharedSize, 0xCD);

    public byte* Resolve(PtxSpace space, ulong address, int width, PtxWarp warp, int lane, PtxInstruction instruction)
    {
        if ((address & ((ulong)width - 1)) != 0)
            throw Fault("misaligned address", address, width, warp, lane, instruction, PtxFault.MisalignedAddress);
        byte* host = space switch
        {
            PtxSpace.Parameter => Within(parameters, parameterSize, address, width),
            PtxSpace.Shared => Within(shared, SharedSize, address, width),
            PtxSpace.Local => Within(warp.Local(lane), warp.LocalSize, address, width),
            PtxSpace.Global => Global(address, width),
            _ => Generic(address, width, warp, lane),
        };
        return host is not null ? host : throw Fault("illegal address", address, width, warp, lane, instruction, PtxFault.IllegalAddress);
    }

    public void Dispose() => NativeMemory.AlignedFree(shared);

    private static byte* Within(byte* memory, int size, ulong offset, int width) =>
        offset <= (ulong)size && (ulong)width <= (ulong)size - offset ? memory + offset : null;

    private byte* Generic(ulong address, int width, PtxWarp warp, int lane) => (address & 0xF000_0000_0000_0000) switch
    {
        SharedWindow => Within(shared, SharedSize, address - SharedWindow, width),
        LocalWindow => Within(warp.Local(lane), warp.LocalSize, address - LocalWindow, width),
        _ => Global(address, width),
    };

    private byte* Global(ulong address, int width)
    {
        foreach (ref readonly Range range in ranges.AsSpan())
            if (range.Contains(address, width))
                return range.Host + (address - range.Start);
        if (!resolver(address, out ulong start, out ulong size, out byte* host))
            return null;
        var found = new Range(start, size, host);
        ranges[nextRange++ % RememberedRanges] = found;
        return found.Contains(address, width) ? host + (address - start) : null;
    }

    private static PtxFault Fault(string what, ulong address, int width, PtxWarp warp, int lane, PtxInstruction instruction, int code)
    {
        PtxBlock block = warp.Block;
        int thread = warp.Index * PtxWarp.Width + lane;
        return new PtxFault($"{what} 0x{address:x} width {width} in '{instruction.Source}', block {block.X},{block.Y},{block.Z} thread {thread}", code);
    }

    private readonly struct Range(ulong start, ulong size, byte* host)
    {
        public ulong Start { get; } = start;

        public byte* Host { get; } = host;

        public bool Contains(ulong address, int width) => address - Start < size && (ulong)width <= size - (address - Start);
    }
}
