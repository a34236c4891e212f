using System.Buffers;
using System.Text;
using TensorBridge.Interop;
using TensorBridge.Protocols;

namespace TensorBridge;

/// <summary>
/// Opens memory that NumPy's array interface or the CUDA array interface describes: a dictionary, its text, or just a
/// pointer, a typestr and a shape. No holder object is needed, nothing is copied.
/// </summary>
/// <remarks>
/// Every value is checked before anything is read: types, ranges, sizes, the extent, and for buffers their bounds.
/// Stricter than NumPy, which accepts masks, short buffers, wild strides and object pointers in silence.
/// The dictionary owns nothing: pass the object that does as owner, or keep it alive yourself.
/// </remarks>
public static unsafe partial class ArrayInterface
{
    /// <summary>Opens the memory that a dictionary describes.</summary>
    /// <param name="dictionary">
    /// The keys of the protocol: <c>data</c>, <c>shape</c>, <c>typestr</c>, and optionally <c>strides</c>, <c>descr</c>, <c>offset</c>,
    /// <c>stream</c>. Integers of any width; arrays, lists and tuples for Python's tuples; <c>data</c> as (pointer, readonly) or as
    /// <c>byte[]</c> or <c>Memory&lt;byte&gt;</c>, which is pinned until the handle is disposed.
    /// </param>
    /// <param name="owner">Kept reachable while the handle or a view of it lives. The dictionary is kept too.</param>
    /// <param name="kind">Which of the two protocols the dictionary follows.</param>
    /// <exception cref="TensorFormatException">A key is missing, a value has the wrong type, is impossible, or disagrees with another.</exception>
    /// <exception cref="TensorUnsupportedException">The description is right but cannot be imported: object pointers, long double.</exception>
    /// <exception cref="OverflowException">A number or the extent exceeds 64 bits.</exception>
    public static TensorHandle Open(IReadOnlyDictionary<string, object?> dictionary, object? owner = null, ArrayInterfaceKind kind = ArrayInterfaceKind.Host)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        Dictionary<string, object?> tree = DictionaryConverter.Convert(dictionary, out MemoryHandle pin);
        try
        {
            TensorDescriptor descriptor = Validate(tree, kind);
            return pin.Pointer is null
                ? new TensorHandle(descriptor, (owner, dictionary))
                : new TensorHandle(descriptor, (owner, dictionary), pin.Dispose);
        }
        catch
        {
            pin.Dispose();
            throw;
        }
    }

    /// <summary>Opens the memory that the text of a dictionary describes.</summary>
    /// <param name="text">
    /// The dictionary as Python prints it, <c>{'data': (140352, False), 'shape': (3, 4), 'typestr': '&lt;f4'}</c>, or as JSON,
    /// where lists stand for tuples. In Python's form a list for a tuple is an error, as it is in Python.
    /// </param>
    /// <param name="owner">Kept reachable while the handle or a view of it lives.</param>
    /// <param name="kind">Which of the two protocols the dictionary follows.</param>
    /// <exception cref="TensorFormatException">The text is malformed, or as for a dictionary.</exception>
    /// <exception cref="TensorUnsupportedException">The description is right but cannot be imported: object pointers, long double.</exception>
    /// <exception cref="OverflowException">A number or the extent exceeds 64 bits.</exception>
    public static TensorHandle Open(string text, object? owner = null, ArrayInterfaceKind kind = ArrayInterfaceKind.Host) =>
        new(Describe(text, kind), owner);

    /// <summary>The validated description in a dictionary. No memory is read, no device is needed.</summary>
    /// <inheritdoc cref="Open(IReadOnlyDictionary{string, object?}, object?, ArrayInterfaceKind)"/>
    public static TensorDescriptor Describe(IReadOnlyDictionary<string, object?> dictionary, ArrayInterfaceKind kind = ArrayInterfaceKind.Host)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        Dictionary<string, object?> tree = DictionaryConverter.Convert(dictionary, out MemoryHandle pin);
        using (pin)
            return Validate(tree, kind);
    }

    /// <summary>The validated description in the text of a dictionary. No memory is read, no device is needed.</summary>
    /// <inheritdoc cref="Open(string, object?, ArrayInterfaceKind)"/>
    public static TensorDescriptor Describe(string text, ArrayInterfaceKind kind = ArrayInterfaceKind.Host)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Describe(Encoding.UTF8.GetBytes(text), kind);
    }

    /// <inheritdoc cref="Describe(string, ArrayInterfaceKind)"/>
    public static TensorDescriptor Describe(ReadOnlySpan<byte> text, ArrayInterfaceKind kind = ArrayInterfaceKind.Host)
    {
        long* room = stackalloc long[2 * LayoutMath.MaxRank];
        RawTensor tensor = NewTensor(room);
        DType type = ArrayInterfaceParser.Parse(text, kind, wholeBuffer: false, allowTags: false, ref tensor);
        return tensor.ToDescriptor(type);
    }

    /// <summary>Opens memory by its address.</summary>
    /// <param name="pointer">Address of element 0, also with negative strides.</param>
    /// <param name="typestr">The element type, such as <c>&lt;f4</c>.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="strides">Bytes between neighbours along each axis; empty for C order.</param>
    /// <param name="readOnly">True when writing is forbidden.</param>
    /// <param name="owner">Kept reachable while the handle or a view of it lives.</param>
    /// <param name="device">Where the memory lives; null for the host.</param>
    /// <exception cref="TensorFormatException">The typestr is unknown, a length is negative, counts differ, or the pointer is NULL.</exception>
    /// <exception cref="OverflowException">The extent leaves the address space.</exception>
    public static TensorHandle FromPointer(
        nuint pointer,
        string typestr,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<long> strides = default,
        bool readOnly = false,
        object? owner = null,
        Device? device = null) => FromPointer(pointer, DType.Parse(typestr), shape, strides, readOnly, owner, device);

    /// <inheritdoc cref="FromPointer(nuint, string, ReadOnlySpan{long}, ReadOnlySpan{long}, bool, object?, Device?)"/>
    public static TensorHandle FromPointer(
        nint pointer,
        string typestr,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<long> strides = default,
        bool readOnly = false,
        object? owner = null,
        Device? device = null) => FromPointer(
            pointer >= 0 ? (nuint)pointer : throw new TensorFormatException($"the pointer is {pointer}; addresses are 0 or more"),
            DType.Parse(typestr),
            shape,
            strides,
            readOnly,
            owner,
            device);

    /// <param name="pointer">Address of element 0, also with negative strides.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="strides">Bytes between neighbours along each axis; empty for C order.</param>
    /// <param name="readOnly">True when writing is forbidden.</param>
    /// <param name="owner">Kept reachable while the handle or a view of it lives.</param>
    /// <param name="device">Where the memory lives; null for the host.</param>
    /// <inheritdoc cref="FromPointer(nuint, string, ReadOnlySpan{long}, ReadOnlySpan{long}, bool, object?, Device?)"/>
    public static TensorHandle FromPointer(
        nuint pointer,
        DType type,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<long> strides = default,
        bool readOnly = false,
        object? owner = null,
        Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        Layout layout = strides.IsEmpty ? Layout.Contiguous(shape, type.ItemSize) : new Layout(shape, strides, type.ItemSize);
        return new TensorHandle(new TensorDescriptor(pointer, type, layout, device ?? Device.Cpu, readOnly), owner);
    }

    private static TensorDescriptor Validate(Dictionary<string, object?> tree, ArrayInterfaceKind kind)
    {
        long* room = stackalloc long[2 * LayoutMath.MaxRank];
        RawTensor tensor = NewTensor(room);
        DType type = ArrayInterfaceParser.Parse(tree, kind, listsAllowed: true, ref tensor);
        return tensor.ToDescriptor(type);
    }

    private static RawTensor NewTensor(long* room) => new() { Shape = room, Strides = room + LayoutMath.MaxRank };
}
