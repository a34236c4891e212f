using TensorBridge.Copying;

namespace TensorBridge;

public static partial class Npy
{
    /// <summary>Saves a tensor to a file: beside it first, then in its place, so that readers see the old file or the whole new one.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="tensor">A tensor that the host can reach, with any strides. Its byte order is kept.</param>
    /// <param name="order">
    /// <see cref="Order.K"/>: Fortran order for what is dense in it, else C order, as NumPy's <c>save</c>. <see cref="Order.C"/> and
    /// <see cref="Order.F"/> rearrange where needed.
    /// </param>
    /// <param name="type">The element type in the file; null keeps the tensor's.</param>
    /// <param name="options">Casting rule, threads, progress, cancellation. Cancelled, it leaves the old file.</param>
    /// <remarks>Works in bounded memory, also on a mapped tensor larger than memory, and when the tensor is the file that is replaced.</remarks>
    /// <exception cref="TensorUnsupportedException">A .npy file cannot say the element type, or the casting rule forbids the conversion.</exception>
    /// <exception cref="TensorDeviceException">Memory that the host cannot reach.</exception>
    /// <exception cref="IOException">The folder is missing, or the disk has no room.</exception>
    public static void Save(string path, TensorHandle tensor, Order order = Order.K, DType? type = null, CopyOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensor);
        options ??= CopyOptions.Default;
        using TensorHandle held = tensor.Share();
        NpyTarget target = NpyTarget.For(held.Descriptor, order, type, options.Casting);
        if (!FileKind.IsRegularOrMissing(path) && !Directory.Exists(path))
        {
            // A pipe or device is written to, never replaced.
            using var device = new FileStream(path, FileMode.Open, FileAccess.Write);
            NpyWriter.Write(device, held.Descriptor, target, options);
            return;
        }

        using var replaced = new ReplacedFile(path);
        Fill(replaced, held.Descriptor, target, path, options);
        replaced.Commit();
    }

    /// <summary>Saves a tensor to a stream, which need not be seekable.</summary>
    /// <param name="stream">The stream; it is left behind the data.</param>
    /// <param name="tensor">A tensor that the host can reach, with any strides. Its byte order is kept.</param>
    /// <param name="order">K, C or F, as when saving to a file.</param>
    /// <param name="type">The element type to write; null keeps the tensor's.</param>
    /// <param name="options">Casting rule, threads, progress, cancellation. Cancelled, it leaves the stream with a part.</param>
    /// <exception cref="TensorUnsupportedException">A .npy file cannot say the element type, or the casting rule forbids the conversion.</exception>
    /// <exception cref="TensorDeviceException">Memory that the host cannot reach.</exception>
    public static void Save(Stream stream, TensorHandle tensor, Order order = Order.K, DType? type = null, CopyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        options ??= CopyOptions.Default;
        using TensorHandle held = tensor.Share();
        NpyWriter.Write(stream, held.Descriptor, NpyTarget.For(held.Descriptor, order, type, options.Casting), options);
    }

    private static void Fill(ReplacedFile replaced, TensorDescriptor source, NpyTarget target, string path, CopyOptions options)
    {
        if (target.IsCopyOf(source))
        {
            using FileStream file = replaced.Create(target.FileLength);
            NpyWriter.Write(file, source, target, options);
            return;
        }

        using TensorHandle mapped = MapNew(replaced, target, path);
        NpyWriter.Copy(source, mapped.Descriptor, options);
    }
}
