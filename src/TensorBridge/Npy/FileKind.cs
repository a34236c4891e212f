using System.Runtime.InteropServices;

namespace TensorBridge;

/// <summary>Asks the system what a path leads to, links followed. .NET's own attributes cannot tell a pipe from a file.</summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100;
    private const uint WantType = 1;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>False for folders, pipes, sockets and devices; true for files, and for what does not exist or cannot be asked.</summary>
    public static unsafe bool IsRegularOrMissing(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        // struct statx has 256 bytes on every architecture; only its stx_mode is looked at.
        byte* facts = stackalloc byte[256];
        return StatX(CurrentFolder, path, 0, WantType, facts) != 0 || (*(ushort*)(facts + ModeOffset) & TypeMask) == RegularFile;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* facts);
}
