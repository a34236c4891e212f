using System.Runtime.InteropServices;

namespace TensorBridge.PtxInterpreter;

/// <summary>One launch, as the stand-in hands it to the interpreter.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FakeLaunch
{
    public byte* Name;
    public byte* Ptx;
    public byte* Arguments;
    public ulong ModuleId;
    public nint Context;
    public fixed int Grid[3];
    public fixed int Block[3];
    public int SharedBytes;
    public int ArgumentSize;
}
