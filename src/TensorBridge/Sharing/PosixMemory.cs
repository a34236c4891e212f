using System.Runtime.InteropServices;

namespace TensorBridge.Sharing;

/// <summary>The C library's calls for memory that processes share.</summary>
internal static partial class PosixMemory
{
    private const int ReadWrite = 2;
    private const int CreateFlag = 0x40;
    private const int Exclusive = 0x80;
    private const int CloseOnExec = 0x80000;
    private const int ProtectRead = 1;
    private const int ProtectWrite = 2;
    private const int Shared = 1;
    private const uint OwnerOnly = 0x180;

    /// <summary>Makes named shared memory; fails when the name is taken.</summary>
    public static int CreateNamed(string name) => Check(ShmOpen(name, ReadWrite | CreateFlag | Exclusive, OwnerOnly), $"shm_open of the new '{name}'");

    /// <summary>Opens named shared memory.</summary>
    public static int OpenNamed(string name) => Check(ShmOpen(name, ReadWrite, 0), $"shm_open of '{name}'");

    /// <summary>Makes shared memory without a name.</summary>
    public static int CreateAnonymous() => Check(MemfdCreate("tensorbridge", 1), "memfd_create");

    /// <summary>Opens a file of the system's, such as a descriptor of another process.</summary>
    public static int OpenPath(string path) => Check(OpenFile(path, ReadWrite | CloseOnExec), $"open of '{path}'");

    /// <summary>Gives fresh memory its size; it reads as zeros.</summary>
    public static void Resize(int file, long size) => Check(FTruncate(file, size), $"ftruncate to {size} bytes");

    /// <summary>Bytes behind a descriptor.</summary>
    public static long Size(int file) => Seek(file, 0, 2) is >= 0 and long size ? size : throw Error("lseek");

    /// <summary>Maps the whole of a descriptor for reading and writing.</summary>
    public static nuint Map(int file, long size)
    {
        nint address = MMap(0, (nuint)size, ProtectRead | ProtectWrite, Shared, file, 0);
        return address == -1 ? throw Error($"mmap of {size} bytes") : (nuint)address;
    }

    /// <summary>Ends a mapping.</summary>
    public static void Unmap(nuint address, long size) => MUnmap((nint)address, (nuint)size);

    /// <summary>Closes a descriptor.</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    /// <summary>Takes a name away; the memory lives until its last mapping is gone.</summary>
    [LibraryImport("libc", EntryPoint = "shm_unlink", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string name);

    private static int Check(int result, string what) => result >= 0 ? result : throw Error(what);

    private static TensorDeviceException Error(string what)
    {
        int code = Marshal.GetLastPInvokeError();
        return new TensorDeviceException($"{what} failed: {Marshal.GetPInvokeErrorMessage(code)}") { ErrorCode = code };
    }

    [LibraryImport("libc", EntryPoint = "shm_open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ShmOpen(string name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int FTruncate(int file, long size);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(int file, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MMap(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int MUnmap(nint address, nuint length);
}
