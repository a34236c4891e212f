using System.Diagnostics;

namespace TensorBridge;

[DebuggerTypeProxy(typeof(TensorDebugView))]
public sealed partial class TensorHandle
{
    /// <summary>The values in NumPy's manner, with shape, type and device; long tensors show their corners only.</summary>
    /// <param name="reader">
    /// Reads elements for memory that the host cannot reach; only what is printed is read. Null for the host's own, or the
    /// one that the accelerators registered; without any the values are left out.
    /// </param>
    /// <returns><c>tensor([[1., 2.], [3., 4.]], shape=(2, 2), dtype=float32, device='cpu')</c>, and where they apply <c>readonly=True</c> and <c>strides=(…)</c>.</returns>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    public string ToText(TensorReader? reader = null)
    {
        string text = TensorPrinter.Print(Descriptor, reader ?? TensorReaders.For(Descriptor));
        GC.KeepAlive(this);
        return text;
    }

    /// <summary>A text form by name: <c>G</c> the values as <see cref="ToText"/>, <c>D</c> the descriptor as <see cref="ToString()"/>.</summary>
    /// <exception cref="FormatException">The format is neither.</exception>
    public string ToString(string? format) => format switch
    {
        "G" or "g" => ToText(),
        null or "" or "D" or "d" => ToString(),
        _ => throw new FormatException($"format '{format}' is not known; use 'G' for values or 'D' for the descriptor"),
    };

    /// <summary>All elements in C order, in the tensor's own byte order.</summary>
    /// <param name="reader">As for <see cref="ToText"/>.</param>
    /// <exception cref="TensorDeviceException">Nobody can read the device's memory.</exception>
    /// <exception cref="OverflowException">There are more bytes than an array can hold.</exception>
    public byte[] ToBytes(TensorReader? reader = null)
    {
        TensorDescriptor descriptor = Descriptor;
        if (descriptor.ByteLength > Array.MaxLength)
            throw new OverflowException($"{descriptor} has {descriptor.ByteLength} bytes, more than an array can hold; slice it");
        byte[] bytes = new byte[descriptor.ByteLength];
        if (bytes.Length == 0)
            return bytes;
        reader ??= TensorReaders.For(descriptor)
            ?? throw new TensorDeviceException($"{descriptor} is out of the host's reach; copy it to the host first, or pass a reader");
        reader(descriptor, bytes);
        GC.KeepAlive(this);
        return bytes;
    }
}
