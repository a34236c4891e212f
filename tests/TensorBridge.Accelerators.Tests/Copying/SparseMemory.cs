using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Address space of any size, of which only the pages exist that a kernel has touched.</summary>
/// <remarks>What a page holds before it is written follows from its addresses, so that expectations need no memory at all.</remarks>
internal sealed unsafe class SparseMemory(ulong start, long length, Func<long, byte> content) : IDisposable
{
    private const int PageSize = 4096;

    private readonly Dictionary<ulong, nint> _pages = [];

    public nuint Start => (nuint)start;

    /// <summary>The pages that exist: where each begins, in bytes from the start, and what it holds.</summary>
    public IEnumerable<(long Offset, byte[] Bytes)> Pages =>
        _pages.Select(page => ((long)page.Key * PageSize, new Span<byte>((void*)page.Value, PageSize).ToArray()));

    /// <summary>Finds or makes the page around an address; false outside.</summary>
    public bool TryResolve(ulong address, out ulong pageStart, out ulong size, out byte* host)
    {
        pageStart = size = 0;
        host = null;
        if (address - start >= (ulong)length)
            return false;
        ulong page = (address - start) / PageSize;
        if (!_pages.TryGetValue(page, out nint memory))
            _pages[page] = memory = Make((long)page * PageSize);
        pageStart = start + (page * PageSize);
        size = Math.Min(PageSize, (ulong)length - (page * PageSize));
        host = (byte*)memory;
        return true;
    }

    public void Dispose()
    {
        foreach (nint page in _pages.Values)
            NativeMemory.AlignedFree((void*)page);
        _pages.Clear();
    }

    private nint Make(long offset)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(PageSize, PageSize);
        for (int i = 0; i < PageSize; i++)
            memory[i] = content(offset + i);
        return (nint)memory;
    }
}
