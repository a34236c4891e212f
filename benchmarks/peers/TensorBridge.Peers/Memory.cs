using System.Runtime.InteropServices;

namespace TensorBridge.Peers;

/// <summary>Memory as array libraries get it: pages of its own for large blocks, on 2 MiB boundaries and open to huge pages.</summary>
internal static unsafe partial class Memory
{
    private const nuint HugePage = 2 << 20;
    private const int Readable = 1, Writable = 2, Private = 2, Anonymous = 0x20, AdviseHuge = 14;

    [LibraryImport("libc", EntryPoint = "memcpy")]
    public static partial nint Copy(byte* destination, byte* source, nuint bytes);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    /// <summary>Maps fresh pages; the address is a multiple of 2 MiB plus <paramref name="shift"/>.</summary>
    public static Block Allocate(nuint bytes, bool huge = true, nuint shift = 0)
    {
        nuint length = bytes + (2 * HugePage);
        nint mapped = Map(0, length, Readable | Writable, Private | Anonymous, -1, 0);
        if (mapped is 0 or -1)
            throw new OutOfMemoryException($"mmap of {length} bytes failed");
        nuint address = ((nuint)mapped + HugePage - 1) / HugePage * HugePage;
        if (huge && bytes >= HugePage)
            _ = Advise((nint)address, (bytes + shift + 4095) / 4096 * 4096, AdviseHuge);
        return new Block(mapped, length, (byte*)address + shift);
    }

    /// <summary>One mapping.</summary>
    public readonly struct Block(nint mapped, nuint length, byte* address) : IDisposable
    {
        public byte* Address => address;

        public void Dispose() => _ = Unmap(mapped, length);
    }
}
