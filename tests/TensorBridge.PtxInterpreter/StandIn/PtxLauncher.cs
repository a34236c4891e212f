using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace TensorBridge.PtxInterpreter;

/// <summary>Runs the launches of the stand-in through the PTX interpreter.</summary>
internal static unsafe class PtxLauncher
{
    private static readonly ConcurrentDictionary<(ulong Module, string Name), PtxProgram> Programs = new();

    /// <summary>What the last faulty kernel did.</summary>
    public static string? LastFault { get; private set; }

    /// <summary>Lane instructions executed so far.</summary>
    public static long Steps { get; private set; }

    /// <summary>Memory that the driver does not know, asked for when it denies an address; none by default.</summary>
    public static PtxResolver? Elsewhere { get; set; }

    /// <summary>Which blocks of a grid are run, by their number along its first axis; all of them by default.</summary>
    public static Func<PtxLaunch, IEnumerable<int>>? Selection { get; set; }

    public static void Install() => FakeCuda.OnLaunch(&Run);

    /// <summary>From now on launches do nothing.</summary>
    public static void Remove() => FakeCuda.OnLaunch(null);

    [UnmanagedCallersOnly]
    private static int Run(FakeLaunch* launch)
    {
        try
        {
            Execute(launch);
            return 0;
        }
        catch (PtxFault fault)
        {
            LastFault = fault.Message;
            return fault.Code;
        }
        catch (Exception error)
        {
            LastFault = error.ToString();
            return PtxFault.LaunchFailed;
        }
    }

    private static void Execute(FakeLaunch* launch)
    {
        string name = Marshal.PtrToStringUTF8((nint)launch->Name)!;
        PtxProgram program = Programs.GetOrAdd((launch->ModuleId, name), key => PtxProgram.Decode(Marshal.PtrToStringUTF8((nint)launch->Ptx)!, key.Name));
        var shape = new PtxLaunch(launch->Grid[0], launch->Grid[1], launch->Grid[2], launch->Block[0], launch->Block[1], launch->Block[2], launch->SharedBytes);
        nint context = launch->Context;
        Steps += shape.Run(program, launch->Arguments, launch->ArgumentSize, Resolve, Selection?.Invoke(shape) ?? Enumerable.Range(0, shape.GridX));

        bool Resolve(ulong address, out ulong start, out ulong size, out byte* host) =>
            FakeCuda.Accessible(context, address, out start, out size, out host) != 0
            || (Elsewhere is { } elsewhere && elsewhere(address, out start, out size, out host));
    }
}
