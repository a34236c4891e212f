using TensorBridge.Interop;

namespace TensorBridge.Protocols;

/// <summary>The one way from a dictionary, in text or as an object, to a validated tensor.</summary>
internal static unsafe class ArrayInterfaceParser
{
    /// <summary>Validates the text of a dictionary.</summary>
    /// <param name="utf8">A Python literal, JSON, or the text that the native module makes of a live dictionary.</param>
    /// <param name="kind">Which interface it is.</param>
    /// <param name="wholeBuffer">A missing shape means one axis over the whole buffer.</param>
    /// <param name="allowTags">Whether the native module's tags may occur.</param>
    /// <param name="tensor">Takes the result; its shape and strides have room for 64 entries each.</param>
    /// <returns>The element type; its number is not set.</returns>
    public static DType Parse(ReadOnlySpan<byte> utf8, ArrayInterfaceKind kind, bool wholeBuffer, bool allowTags, ref RawTensor tensor)
    {
        InterfaceFields fields = NewFields(in tensor);
        if (!PlainInterfaceReader.TryRead(utf8, kind, allowTags, ref fields))
        {
            fields = NewFields(in tensor);
            object? tree = PythonLiteral.Parse(utf8, allowTags, out bool isPython);
            TreeInterfaceReader.Read(tree, kind, listsAllowed: !isPython, ref fields);
        }

        return InterfaceRules.Apply(ref fields, kind, wholeBuffer, ref tensor);
    }

    /// <summary>Validates a dictionary in the vocabulary of <see cref="PythonLiteral"/>.</summary>
    public static DType Parse(object? tree, ArrayInterfaceKind kind, bool listsAllowed, ref RawTensor tensor)
    {
        InterfaceFields fields = NewFields(in tensor);
        TreeInterfaceReader.Read(tree, kind, listsAllowed, ref fields);
        return InterfaceRules.Apply(ref fields, kind, wholeBuffer: false, ref tensor);
    }

    private static InterfaceFields NewFields(in RawTensor tensor) => new(
        new Span<long>(tensor.Shape, LayoutMath.MaxRank),
        new Span<long>(tensor.Strides, LayoutMath.MaxRank));
}
