using System.Runtime.InteropServices;
using System.Text;
using TensorBridge.Protocols;

namespace TensorBridge;

public static unsafe partial class ArrayInterface
{
    /// <summary>Writes the dictionary of a tensor, in the form that most importers read.</summary>
    /// <param name="handle">The tensor. It must outlive every use of the dictionary, which owns nothing.</param>
    /// <param name="kind">Which protocol; null for the one that fits the device.</param>
    /// <returns>
    /// Version 3. <c>data</c> is a <c>(ulong, bool)</c> tuple, <c>shape</c> and <c>strides</c> are <c>long[]</c>, <c>strides</c> is null for
    /// dense C order, <c>descr</c> a list of <c>object?[]</c>; the CUDA form has <c>stream</c> when work is pending, and pointer 0 when empty.
    /// </returns>
    /// <exception cref="TensorUnsupportedException">The memory is out of the protocol's reach, or its elements are packed.</exception>
    public static Dictionary<string, object?> ToDictionary(TensorHandle handle, ArrayInterfaceKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        TensorDescriptor descriptor = handle.Descriptor;
        ArrayInterfaceKind protocol = Choose(descriptor, kind);
        var dictionary = new Dictionary<string, object?>
        {
            ["shape"] = descriptor.Shape.ToArray(),
            ["typestr"] = descriptor.DType.TypeString,
            ["descr"] = ToArrays(RecordDescription.Write(descriptor.DType)),
            ["data"] = (AddressOf(descriptor, protocol), descriptor.IsReadOnly),
            ["strides"] = descriptor.Layout.IsCContiguous ? null : descriptor.Layout.ByteStrides.ToArray(),
            ["version"] = 3,
        };
        if (protocol == ArrayInterfaceKind.Cuda && descriptor.Stream is { } stream)
            dictionary["stream"] = unchecked((ulong)stream);
        return dictionary;
    }

    /// <summary>Writes the dictionary of a tensor as Python prints it.</summary>
    /// <inheritdoc cref="ToDictionary"/>
    /// <returns>A Python literal: <c>{'shape': (3, 4), 'typestr': '&lt;f4', …}</c>.</returns>
    public static string ToText(TensorHandle handle, ArrayInterfaceKind? kind = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        TensorDescriptor descriptor = handle.Descriptor;
        ArrayInterfaceKind protocol = Choose(descriptor, kind);
        var text = new StringBuilder();
        text.Append("{'shape': ").Append(TensorText.Tuple(descriptor.Shape));
        text.Append(", 'typestr': '").Append(descriptor.DType.TypeString);
        text.Append("', 'descr': ").Append(LiteralText.Write(RecordDescription.Write(descriptor.DType)));
        text.Append(", 'data': (").Append(AddressOf(descriptor, protocol)).Append(descriptor.IsReadOnly ? ", True)" : ", False)");
        text.Append(", 'strides': ").Append(descriptor.Layout.IsCContiguous ? "None" : TensorText.Tuple(descriptor.Layout.ByteStrides));
        text.Append(", 'version': 3");
        if (protocol == ArrayInterfaceKind.Cuda && descriptor.Stream is { } stream)
            text.Append(", 'stream': ").Append(unchecked((ulong)stream));
        return text.Append('}').ToString();
    }

    private static ArrayInterfaceKind Choose(TensorDescriptor descriptor, ArrayInterfaceKind? kind)
    {
        ArrayInterfaceKind protocol = kind ?? (descriptor.Device.IsHostAccessible ? ArrayInterfaceKind.Host : ArrayInterfaceKind.Cuda);
        bool reaches = protocol == ArrayInterfaceKind.Host
            ? descriptor.Device.IsHostAccessible
            : descriptor.Device.Type is DeviceType.Cuda or DeviceType.CudaManaged or DeviceType.CudaHost;
        if (!reaches)
            throw new TensorUnsupportedException($"{TreeInterfaceReader.NameOf(protocol)} cannot say memory on {descriptor.Device}; copy the tensor to {(protocol == ArrayInterfaceKind.Host ? "the host" : "a CUDA device")} first");
        return descriptor.DType.IsPacked
            ? throw new TensorUnsupportedException($"{TreeInterfaceReader.NameOf(protocol)} has no type for packed {descriptor.DType} elements; export through DLPack")
            : protocol;
    }

    // NumPy before 2.4 fails on pointer 0 even without elements, the CUDA array interface asks for it then.
    private static ulong AddressOf(TensorDescriptor descriptor, ArrayInterfaceKind protocol)
    {
        if (descriptor.Layout.ElementCount > 0)
            return descriptor.Data;
        return protocol == ArrayInterfaceKind.Cuda ? 0 : (ulong)EmptyMemory.Address;
    }

    private static object? ToArrays(object? value) => value switch
    {
        PythonTuple tuple when tuple.Count > 0 && tuple.All(item => item is long) => tuple.Select(item => (long)item!).ToArray(),
        IReadOnlyList<object?> items => items.Select(ToArrays).ToArray(),
        _ => value,
    };

    private static class EmptyMemory
    {
        // Lives as long as the process: whoever holds an empty tensor may keep the address.
        public static readonly void* Address = NativeMemory.AlignedAlloc(64, 64);
    }
}
