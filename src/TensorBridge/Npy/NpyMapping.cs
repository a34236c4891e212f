using System.IO.MemoryMappedFiles;

namespace TensorBridge;

/// <summary>A stretch of address space that is a .npy file; it lives until the last tensor over it is gone.</summary>
internal sealed unsafe class NpyMapping
{
    private static readonly Lock Gate = new();
    private static readonly List<NpyMapping> Live = [];

    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly long _length;

    private NpyMapping(MemoryMappedViewAccessor view, long length)
    {
        _view = view;
        _length = length;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        lock (Gate)
            Live.Add(this);
    }

    /// <summary>The mapping that holds an address, or null. Whoever asks holds a tensor there, so that it stays.</summary>
    public static NpyMapping? Containing(nuint address)
    {
        lock (Gate)
            return Live.Find(mapping => address >= (nuint)mapping._start && address - (nuint)mapping._start <= (nuint)mapping._length);
    }

    /// <summary>Maps an open file, which may be closed afterwards.</summary>
    /// <param name="file">The file, open for what <paramref name="mode"/> needs.</param>
    /// <param name="header">Its header.</param>
    /// <param name="mode">What the tensor may be used for.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <exception cref="TensorFormatException">The file is shorter than its header says.</exception>
    public static TensorHandle Map(FileStream file, NpyHeader header, NpyMode mode, string name)
    {
        long needed = header.FileLength;
        // A page behind the end of the file would kill the process when it is touched.
        if (file.Length < needed)
            throw new TensorFormatException($"{name}: 'shape' {TensorText.Tuple(header.Layout.Shape)} of {header.DType} needs {header.Layout.PayloadBytes} bytes of data, but only {Math.Max(0, file.Length - header.DataOffset)} follow the header: the file is cut short");
        MemoryMappedFileAccess access = mode switch
        {
            NpyMode.Read => MemoryMappedFileAccess.Read,
            NpyMode.ReadWrite => MemoryMappedFileAccess.ReadWrite,
            _ => MemoryMappedFileAccess.CopyOnWrite,
        };
        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, access, HandleInheritability.None, leaveOpen: true);
        var mapping = new NpyMapping(map.CreateViewAccessor(0, needed, access), needed);
        try
        {
            var descriptor = new TensorDescriptor((nuint)(mapping._start + header.DataOffset), header.DType, header.Layout, Device.Cpu, mode == NpyMode.Read);
            return new TensorHandle(descriptor, mapping, mapping.Unmap);
        }
        catch
        {
            mapping.Unmap();
            throw;
        }
    }

    /// <summary>Writes what has changed to the disk and waits for it.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public void Flush()
    {
        if (_view.CanWrite)
            _view.Flush();
    }

    // The handle is closed, not the accessor: disposing that would wait for the disk. The system writes changed pages in its own time.
    private void Unmap()
    {
        lock (Gate)
            Live.Remove(this);
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.SafeMemoryMappedViewHandle.Dispose();
        _view.Dispose();
    }
}
