using TensorBridge.Copying;

namespace TensorBridge;

/// <summary>Who reads a tensor's elements for text and bytes: the host where it can, else what the device library registered.</summary>
internal static unsafe class TensorReaders
{
    /// <summary>Finds who reads memory that the host cannot reach, or may not while kernels use it; null while no accelerators are loaded.</summary>
    public static Func<TensorDescriptor, TensorReader?>? Device { get; set; }

    /// <summary>The reader for a tensor, or null where nobody can read it.</summary>
    public static TensorReader? For(TensorDescriptor descriptor) => descriptor.Device switch
    {
        { Type: DeviceType.CudaManaged } => Device?.Invoke(descriptor) ?? ReadHost,
        { IsHostAccessible: true } => ReadHost,
        _ => Device?.Invoke(descriptor),
    };

    private static void ReadHost(TensorDescriptor source, Span<byte> destination)
    {
        if (source.DType.IsPacked)
        {
            new ReadOnlySpan<byte>((void*)source.Data, destination.Length).CopyTo(destination);
            return;
        }

        // Opaque items: the bytes are wanted as they are, padding included.
        DType bytes = DType.Opaque(source.DType.ItemSize);
        fixed (byte* target = destination)
        {
            var dense = new TensorDescriptor((nuint)target, bytes, source.Layout.ToContiguous(Order.C), TensorBridge.Device.Cpu);
            HostCopy.Run(source.With(type: bytes), dense, CopyOptions.Default);
        }
    }
}
