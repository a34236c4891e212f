using System.Runtime.InteropServices;

namespace TensorBridge.Tests.Copying;

/// <summary>Memory between two pages that nobody may touch. The usable bytes end, or start, exactly at a guard.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int Page = 4096;
    private readonly nint _mapping;
    private readonly nuint _mapped;

    public GuardedMemory(long length, bool atEnd)
    {
        long inner = Math.Max(1, (length + Page - 1) / Page) * Page;
        _mapped = (nuint)(inner + (2 * Page));
        _mapping = Map(0, _mapped, 3, 0x22, -1, 0);
        Assert.NotEqual(-1, _mapping);
        Assert.Equal(0, Protect(_mapping, Page, 0));
        Assert.Equal(0, Protect(_mapping + Page + (nint)inner, Page, 0));
        Start = (byte*)_mapping + Page + (atEnd ? inner - length : 0);
        Length = length;
    }

    public byte* Start { get; }

    public long Length { get; }

    public Span<byte> Bytes => new(Start, (int)Length);

    public void Dispose() => Unmap(_mapping, _mapped);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
