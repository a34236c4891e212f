using System.Runtime.InteropServices;

namespace TensorBridge.Python.Hosting;

/// <summary>The few functions of the C library that .NET has no equivalent for.</summary>
internal static unsafe partial class LibC
{
    /// <summary>Resolve all symbols at once.</summary>
    public const int RtldNow = 2;

    /// <summary>Only answer when the library is loaded already.</summary>
    public const int RtldNoLoad = 4;

    /// <summary>Symbols are visible to libraries loaded later: Python's extension modules need libpython's.</summary>
    public const int RtldGlobal = 0x100;

    /// <summary>Ctrl-C.</summary>
    public const int SigInt = 2;

    /// <summary>Bytes reserved for a <c>struct sigaction</c> (152 with glibc on x86-64).</summary>
    public const int SigActionSize = 256;

    /// <summary>Loads a library. <c>NativeLibrary.Load</c> cannot make symbols global.</summary>
    [LibraryImport("libc.so.6", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Open(string? path, int flags);

    /// <summary>Finds a symbol; handle 0 searches everything that is loaded globally.</summary>
    [LibraryImport("libc.so.6", EntryPoint = "dlsym", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Symbol(nint handle, string name);

    /// <summary>Gets and sets the action of a signal; either may be NULL.</summary>
    [LibraryImport("libc.so.6", EntryPoint = "sigaction")]
    public static partial int SignalAction(int signal, byte* action, byte* old);

    /// <summary>Why the last <see cref="Open"/> failed.</summary>
    public static string LastError() => Marshal.PtrToStringUTF8(Error()) ?? "unknown error";

    [LibraryImport("libc.so.6", EntryPoint = "dlerror")]
    private static partial nint Error();
}
