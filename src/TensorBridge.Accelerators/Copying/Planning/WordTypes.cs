using TensorBridge.Copying;
using Half = ILGPU.Half;

namespace TensorBridge.Accelerators.Copying;

/// <summary>From sizes and element types to the type arguments of kernels.</summary>
internal static class WordTypes
{
    public static Type Word(int size) => size switch
    {
        1 => typeof(byte),
        2 => typeof(ushort),
        4 => typeof(uint),
        8 => typeof(ulong),
        16 => typeof(V16),
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "words have 1, 2, 4, 8 or 16 bytes"),
    };

    public static Type Packer(int size) => size switch
    {
        1 => typeof(Packer1),
        2 => typeof(Packer2),
        4 => typeof(Packer4),
        8 => typeof(Packer8),
        _ => typeof(Packer16),
    };

    /// <summary>How pixels of a size travel in registers.</summary>
    public static Type Unit(int size) => size switch
    {
        1 => typeof(Unit1),
        2 => typeof(Unit2),
        4 => typeof(Unit4),
        _ => typeof(Unit8),
    };

    public static Type Keep(Type word) => typeof(Keep<>).MakeGenericType(word);

    /// <summary>Reverses the bytes of every component of <paramref name="unit"/> bytes in a word; a unit of 1 changes nothing.</summary>
    public static Type Swap(int size, int unit) => (size, unit) switch
    {
        (2, 2) => typeof(SwapUInt16),
        (4, 2) => typeof(SwapUInt32By2),
        (4, 4) => typeof(SwapUInt32),
        (8, 2) => typeof(SwapUInt64By2),
        (8, 4) => typeof(SwapUInt64By4),
        (8, 8) => typeof(SwapUInt64),
        (16, 2) => typeof(SwapV16By2),
        (16, 4) => typeof(SwapV16By4),
        (16, 8) => typeof(SwapV16By8),
        (_, 1) => Keep(Word(size)),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, $"no {unit}-byte components in words of {size} bytes"),
    };

    /// <summary>Turns the order of the elements in a 16-byte word round.</summary>
    public static Type Reverse(int elementSize) => elementSize switch
    {
        1 => typeof(ReverseV16By1),
        2 => typeof(ReverseV16By2),
        4 => typeof(ReverseV16By4),
        _ => typeof(ReverseV16By8),
    };

    /// <summary>The operation of a cast with the words on both sides.</summary>
    /// <param name="op">A cast.</param>
    /// <param name="nativeHalf">True where the accelerator converts binary16 itself, with the rounding that IEEE asks for.</param>
    public static (Type Op, Type Source, Type Destination) Cast(in CopyOp op, bool nativeHalf)
    {
        int fromUnit = op.SwapSource ? op.SourceType.ComponentSize() : 1;
        int toUnit = op.SwapDestination ? op.DestinationType.ComponentSize() : 1;
        (Type from, Type source) = Element(op.SourceType, nativeHalf && fromUnit == 1);
        (Type to, Type destination) = Element(op.DestinationType, nativeHalf && toUnit == 1);
        Type cast = typeof(Cast<,,,>).MakeGenericType(source, destination, from, to);
        if (fromUnit > 1)
            cast = typeof(Chain<,,,,>).MakeGenericType(source, source, destination, Swap(op.SourceItemSize, fromUnit), cast);
        if (toUnit > 1)
            cast = typeof(Chain<,,,,>).MakeGenericType(source, destination, destination, cast, Swap(op.DestinationItemSize, toUnit));
        return (cast, source, destination);
    }

    /// <summary>How elements of a type are read as numbers, and the word they are in.</summary>
    public static (Type Element, Type Word) ElementOf(ElementType type) => Element(type, nativeHalf: false);

    private static (Type Element, Type Word) Element(ElementType type, bool nativeHalf) => type switch
    {
        ElementType.Boolean => (typeof(BooleanElement), typeof(byte)),
        ElementType.Int8 => (typeof(Int8Element), typeof(byte)),
        ElementType.UInt8 => (typeof(UInt8Element), typeof(byte)),
        ElementType.Int16 => (typeof(Int16Element), typeof(ushort)),
        ElementType.UInt16 => (typeof(UInt16Element), typeof(ushort)),
        ElementType.Int32 => (typeof(Int32Element), typeof(uint)),
        ElementType.UInt32 => (typeof(UInt32Element), typeof(uint)),
        ElementType.Int64 or ElementType.DateTime64 or ElementType.TimeDelta64 => (typeof(Int64Element), typeof(ulong)),
        ElementType.UInt64 => (typeof(UInt64Element), typeof(ulong)),
        ElementType.Float16 => nativeHalf ? (typeof(NativeFloat16Element), typeof(Half)) : (typeof(Float16Element), typeof(ushort)),
        ElementType.BFloat16 => (typeof(BFloat16Element), typeof(ushort)),
        ElementType.Float32 => (typeof(Float32Element), typeof(uint)),
        ElementType.Float64 => (typeof(Float64Element), typeof(ulong)),
        ElementType.Complex32 => (typeof(Complex32Element), typeof(uint)),
        ElementType.Complex64 => (typeof(Complex64Element), typeof(ulong)),
        ElementType.Complex128 => (typeof(Complex128Element), typeof(V16)),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "opaque items have no value to convert"),
    };
}
