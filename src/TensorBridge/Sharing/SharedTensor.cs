using System.Globalization;

namespace TensorBridge.Sharing;

/// <summary>Host tensors in memory that several processes map: workers work on one array without copying it.</summary>
/// <remarks>
/// <code>
/// process A:  using SharedTensor a = SharedTensor.Create(DType.Float32, [1000, 1000]);   send a.Token
/// process B:  using TensorHandle b = SharedTensor.Open(token);                           the same bytes
/// </code>
/// Nothing orders the accesses of processes: that is theirs. Named memory is POSIX shared memory, the kind that
/// Python's <c>multiprocessing.shared_memory</c> makes and opens.
/// </remarks>
public sealed class SharedTensor : IDisposable
{
    private const string Named = "shm";
    private const string Anonymous = "memfd";

    private SharedTensor(TensorHandle tensor, string token)
    {
        Tensor = tensor;
        Token = token;
    }

    /// <summary>The tensor in this process. Views and exports of it keep the memory mapped after this object is disposed.</summary>
    public TensorHandle Tensor { get; }

    /// <summary>The text that <see cref="Open(string)"/> takes in another process of the same user.</summary>
    public string Token { get; }

    /// <summary>Makes shared memory for a tensor dense in C order, filled with zeros.</summary>
    /// <param name="type">The element type; one that a typestr can name.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="name">
    /// A new name for the memory, without slashes; the name goes when the last handle in this process goes. Null for memory without a
    /// name, which other processes can open as long as this one holds it.
    /// </param>
    /// <exception cref="TensorDeviceException">The system refuses, for example because the name is taken.</exception>
    /// <exception cref="TensorUnsupportedException">The element type has no complete typestr.</exception>
    /// <exception cref="TensorFormatException">The name is empty or has a slash.</exception>
    public static SharedTensor Create(DType type, ReadOnlySpan<long> shape, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        var layout = Layout.Contiguous(shape, type.ItemSize);
        long size = Math.Max(1, layout.PayloadBytes);
        if (name is not null)
            CheckName(name);
        int file = name is null ? PosixMemory.CreateAnonymous() : PosixMemory.CreateNamed("/" + name);
        Action? forget = name is null ? null : () => PosixMemory.Unlink("/" + name);
        try
        {
            PosixMemory.Resize(file, size);
            nuint address = PosixMemory.Map(file, size);
            Action release = () => Release(address, size, file, forget);
            try
            {
                return Wrap(new TensorDescriptor(address, type, layout, Device.Cpu), release, file, name);
            }
            catch
            {
                PosixMemory.Unmap(address, size);
                throw;
            }
        }
        catch
        {
            PosixMemory.Close(file);
            forget?.Invoke();
            throw;
        }
    }

    /// <summary>Opens what another process shares.</summary>
    /// <param name="token">The text of <see cref="Token"/>.</param>
    /// <returns>The same bytes; the mapping goes with the last view of the handle.</returns>
    /// <exception cref="TensorFormatException">The text is no token, or the tensor is larger than the memory.</exception>
    /// <exception cref="TensorDeviceException">The memory is gone, or belongs to another user.</exception>
    public static TensorHandle Open(string token)
    {
        TensorToken parsed = TensorToken.Parse(token, Named, Anonymous);
        int file = parsed.Kind == Named ? PosixMemory.OpenNamed("/" + parsed.Place) : PosixMemory.OpenPath(CheckPath(parsed.Place));
        return Attach(file, parsed.DType, parsed.Layout, parsed.Offset, parsed.IsReadOnly);
    }

    /// <summary>Opens named shared memory that somebody else made, Python's <c>SharedMemory(name=…)</c> for example.</summary>
    /// <param name="name">The name, without slashes.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">Lengths of the axes; the tensor is dense in C order from <paramref name="offset"/> on.</param>
    /// <param name="offset">Bytes to leave out at the begin.</param>
    /// <inheritdoc cref="Open(string)"/>
    public static TensorHandle OpenNamed(string name, DType type, ReadOnlySpan<long> shape, long offset = 0)
    {
        ArgumentNullException.ThrowIfNull(type);
        CheckName(name);
        var layout = Layout.Contiguous(shape, type.ItemSize);
        return Attach(PosixMemory.OpenNamed("/" + name), type, layout, offset, isReadOnly: false);
    }

    /// <summary>Gives this object's claim back. The memory stays while a view in this process or a mapping in another one lives.</summary>
    public void Dispose() => Tensor.Dispose();

    private static SharedTensor Wrap(TensorDescriptor descriptor, Action release, int file, string? name)
    {
        string place = name ?? string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{file}");
        TensorToken token = TensorToken.Create(name is null ? Anonymous : Named, place, 0, descriptor);
        return new SharedTensor(new TensorHandle(descriptor, owner: null, release), token.ToString());
    }

    // The descriptor of an opened memory is not needed once it is mapped.
    private static TensorHandle Attach(int file, DType type, Layout layout, long offset, bool isReadOnly)
    {
        nuint address;
        long size;
        try
        {
            size = PosixMemory.Size(file);
            (long low, long high) = layout.Extent;
            if (offset < 0 || (Int128)offset + low < 0 || (Int128)offset + high > size)
                throw new TensorFormatException($"a tensor of shape {layout} at offset {offset} touches bytes {(Int128)offset + low} to {(Int128)offset + high}, the shared memory has {size}");
            address = PosixMemory.Map(file, Math.Max(1, size));
        }
        finally
        {
            PosixMemory.Close(file);
        }

        var descriptor = new TensorDescriptor(address + (nuint)offset, type, layout, Device.Cpu, isReadOnly);
        return new TensorHandle(descriptor, owner: null, () => PosixMemory.Unmap(address, Math.Max(1, size)));
    }

    private static void Release(nuint address, long size, int file, Action? forget)
    {
        PosixMemory.Unmap(address, size);
        PosixMemory.Close(file);
        forget?.Invoke();
    }

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name.Contains('|', StringComparison.Ordinal))
            throw new TensorFormatException($"'{name}' is no name for shared memory; give one or more characters other than '/' and '|'");
    }

    // A token may come from anywhere: it must not open any file but a descriptor of a process.
    private static string CheckPath(string path)
    {
        string[] parts = path.Split('/');
        bool isDescriptor = parts is ["", "proc", _, "fd", _] && int.TryParse(parts[2], out _) && int.TryParse(parts[4], out _);
        return isDescriptor ? path : throw new TensorFormatException($"'{path}' is no descriptor of a process (/proc/<number>/fd/<number>)");
    }
}
