using System.Runtime.InteropServices;

namespace TensorBridge.Copying;

/// <summary>A block of unmanaged memory and how to give it back. On Linux, blocks of 2 MiB and more are mapped on their own and asked to lie on huge pages.</summary>
internal readonly unsafe partial struct NativeBlock
{
    private const long HugePage = 2L << 20;
    private const int ProtectReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;
    private const int AdviseHugePage = 14;

    private readonly nint _mapping;
    private readonly long _mapped;

    private NativeBlock(nint address, long size, nint mapping, long mapped, bool isZero)
    {
        Address = address;
        Size = size;
        _mapping = mapping;
        _mapped = mapped;
        IsZero = isZero;
    }

    /// <summary>Address of the first byte.</summary>
    public nint Address { get; }

    /// <summary>Bytes that may be used.</summary>
    public long Size { get; }

    /// <summary>True when nobody has written to the block since the system gave it, all zero.</summary>
    public bool IsZero { get; }

    public static NativeBlock Allocate(long size, int alignment)
    {
        NativeBlock block = size >= HugePage && OperatingSystem.IsLinux() ? Map(size) : default;
        if (block.Address == 0)
            block = new NativeBlock((nint)NativeMemory.AlignedAlloc((nuint)size, (nuint)alignment), size, 0, 0, false);
        if (size >= HugePage)
            GC.AddMemoryPressure(size);
        return block;
    }

    /// <summary>The same block with unknown contents.</summary>
    public NativeBlock AsUsed() => new(Address, Size, _mapping, _mapped, false);

    public void Free()
    {
        if (_mapped != 0)
            Unmap(_mapping, (nuint)_mapped);
        else
            NativeMemory.AlignedFree((void*)Address);
        if (Size >= HugePage)
            GC.RemoveMemoryPressure(Size);
    }

    /// <summary>Maps one huge page more than asked for, so that the block can start on a boundary.</summary>
    private static NativeBlock Map(long size)
    {
        long mapped = size + HugePage;
        nint mapping = Map(0, (nuint)mapped, ProtectReadWrite, MapPrivateAnonymous, -1, 0);
        if (mapping == -1)
            return default;
        nint address = (nint)((mapping + HugePage - 1) & ~(HugePage - 1));
        // A refusal only costs speed.
        _ = Advise(address, (nuint)size, AdviseHugePage);
        return new NativeBlock(address, size, mapping, mapped, true);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
