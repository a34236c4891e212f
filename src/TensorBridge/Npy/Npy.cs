namespace TensorBridge;

/// <summary>NumPy's .npy files as tensors: mapped, loaded, saved.</summary>
/// <remarks>
/// All versions of the format, Fortran order, big-endian and record types. Arrays of Python objects are refused: they are pickles,
/// which run code when read. Headers are foreign input and validated before memory is touched.
/// <para>
/// A mapped file must keep its length while a tensor over it lives: a page that another process cuts off ends this process when it is
/// touched (SIGBUS), and no library can prevent that. TensorBridge itself replaces files by renaming, which leaves mapped ones whole.
/// Copy what may be cut short with <see cref="Load(string)"/>.
/// </para>
/// </remarks>
public static partial class Npy
{
    /// <summary>Maps a .npy file into memory; nothing is read until it is touched. Disposing the last handle unmaps it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">What the tensor may be used for. <see cref="NpyMode.Read"/> gives a read-only tensor.</param>
    /// <exception cref="TensorFormatException">The file is no .npy file, the header is malformed, or the data are shorter than it says.</exception>
    /// <exception cref="TensorUnsupportedException">The format version is unknown, the elements are Python objects, or the path is a pipe or device.</exception>
    /// <exception cref="OverflowException">The size exceeds 63 bits.</exception>
    /// <exception cref="IOException">The file cannot be read or mapped.</exception>
    public static TensorHandle Open(string path, NpyMode mode = NpyMode.Read)
    {
        if (mode is < NpyMode.Read or > NpyMode.CopyOnWrite)
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "the mode is Read, ReadWrite or CopyOnWrite");
        using FileStream file = NpyFile.OpenExisting(path, mode == NpyMode.ReadWrite ? FileAccess.ReadWrite : FileAccess.Read);
        string name = NpyFile.Name(path);
        return NpyMapping.Map(file, NpyHeaderReader.Read(file, name), mode, name);
    }

    /// <summary>Makes a .npy file of zeros, mapped for writing. An existing file of that name is replaced; who has it mapped keeps the old one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">The element type, byte order included.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="order"><see cref="Order.C"/> or <see cref="Order.F"/>.</param>
    /// <exception cref="TensorUnsupportedException">A .npy file cannot say the element type.</exception>
    /// <exception cref="IOException">The folder is missing, or the disk has no room.</exception>
    public static TensorHandle Create(string path, DType type, ReadOnlySpan<long> shape, Order order = Order.C)
    {
        ArgumentNullException.ThrowIfNull(type);
        NpyTarget target = NpyTarget.Of(type, shape, order);
        using var replaced = new ReplacedFile(path);
        TensorHandle tensor = MapNew(replaced, target, path);
        try
        {
            replaced.Commit();
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Reads a .npy file into memory of its own.</summary>
    /// <inheritdoc cref="Load(Stream)"/>
    public static TensorHandle Load(string path)
    {
        using FileStream file = NpyFile.OpenExisting(path, FileAccess.Read);
        return Load(file, NpyFile.Name(path));
    }

    /// <summary>Reads a .npy file from a stream, such as a pipe or a compressed file, into memory of its own.</summary>
    /// <param name="stream">The stream; it is left behind the data, where another .npy file may follow.</param>
    /// <exception cref="TensorFormatException">It is no .npy file, the header is malformed, or the data are shorter than it says.</exception>
    /// <exception cref="TensorUnsupportedException">The format version is unknown, the elements are Python objects, or the machine has not that much memory.</exception>
    /// <exception cref="OverflowException">The size exceeds 63 bits.</exception>
    public static TensorHandle Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Load(stream, "the stream");
    }

    /// <summary>Writes the changes of a mapped file to the disk and waits until they are there. Changes reach the file without it, at a time the system chooses.</summary>
    /// <param name="tensor">A tensor from <see cref="Open"/> or <see cref="Create"/>, or a view of one.</param>
    /// <exception cref="TensorLayoutException">The tensor is not a mapped file.</exception>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Flush(TensorHandle tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using TensorHandle held = tensor.Share();
        NpyMapping mapping = NpyMapping.Containing(held.Data)
            ?? throw new TensorLayoutException($"expected a tensor over a mapped .npy file, got {tensor}; open one with Npy.Open or Npy.Create");
        mapping.Flush();
    }

    private static TensorHandle Load(Stream stream, string name)
    {
        NpyHeader header = NpyHeaderReader.Read(stream, name);
        return NpyLoader.Load(stream, header, name);
    }

    private static TensorHandle MapNew(ReplacedFile replaced, NpyTarget target, string path)
    {
        using FileStream file = replaced.Create(target.FileLength);
        file.Write(target.Header);
        file.SetLength(target.FileLength);
        return NpyMapping.Map(file, target.ToHeader(), NpyMode.ReadWrite, NpyFile.Name(path));
    }
}
