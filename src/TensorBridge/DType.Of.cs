using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TensorBridge;

public sealed partial class DType
{
    /// <summary>The element type whose memory a C# value of type <typeparamref name="T"/> is.</summary>
    /// <typeparam name="T">
    /// A number, <see cref="bool"/>, <see cref="char"/>, <see cref="Half"/>, <see cref="System.Numerics.Complex"/>, an enumeration, or a
    /// struct of these: a struct becomes a record with its fields' names (or <see cref="TensorFieldAttribute"/>) at their offsets in memory.
    /// </typeparam>
    /// <exception cref="TensorLayoutException">No element type has the meaning of <typeparamref name="T"/> or of one of its fields.</exception>
    public static DType Of<T>()
        where T : unmanaged => ElementOf<T>.Type;

    /// <summary>Checks that elements of this type may be read and written as <typeparamref name="T"/> where they lie.</summary>
    /// <typeparam name="T">
    /// The type of <see cref="Of{T}"/>; for records a struct whose fields match one by one: offset, type and name, names
    /// without regard to case or by <see cref="TensorFieldAttribute"/>. Also accepted: <c>byte</c> for Booleans, <c>long</c> for dates, a struct of two
    /// floats for complex64, <c>ushort</c> for bfloat16, and for types without a meaning (opaque, bytes, text, 8-bit floats) any type of the same size.
    /// </typeparam>
    /// <exception cref="TensorLayoutException">Type, size, a field, or the byte order differs; the message says which.</exception>
    public void CheckElement<T>()
        where T : unmanaged
    {
        string? difference = ElementMatch.Find(this, typeof(T), Unsafe.SizeOf<T>(), Of<T>);
        if (difference is not null)
            throw new TensorLayoutException($"elements of type {this} cannot be seen as {typeof(T).Name}: {difference}");
    }

    private static class ElementOf<T>
        where T : unmanaged
    {
        private static DType? _type;

        // Not a static initialiser, whose error would arrive wrapped.
        public static DType Type => _type ??= StructLayoutReader.Primitive(typeof(T)) ?? ReadStruct();

        [UnconditionalSuppressMessage("Trimming", "IL2087", Justification = "A struct whose fields were trimmed ends in an error, never in a wrong layout.")]
        private static DType ReadStruct() => StructLayoutReader.Read(typeof(T), Unsafe.SizeOf<T>());
    }
}
