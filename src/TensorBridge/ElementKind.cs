namespace TensorBridge;

/// <summary>What the bits of one element mean; together with the size and the byte order it makes a <see cref="DType"/>.</summary>
public enum ElementKind : byte
{
    /// <summary>One byte, 0 is false and every other value true (typestr kind <c>b</c>).</summary>
    Boolean,

    /// <summary>Two's complement integer of 1, 2, 4 or 8 bytes (<c>i</c>).</summary>
    SignedInteger,

    /// <summary>Unsigned integer of 1, 2, 4 or 8 bytes (<c>u</c>).</summary>
    UnsignedInteger,

    /// <summary>IEEE 754 binary16, binary32 or binary64 (<c>f</c>).</summary>
    Float,

    /// <summary>bfloat16: the upper half of a binary32. No typestr names it.</summary>
    BrainFloat,

    /// <summary>Complex number, real part first, two floats of half the item size (<c>c</c>).</summary>
    Complex,

    /// <summary>A point in time, 64-bit ticks of a unit (<c>M</c>); the smallest value is "not a time".</summary>
    DateTime,

    /// <summary>A span of time, 64-bit ticks of a unit (<c>m</c>); the smallest value is "not a time".</summary>
    TimeDelta,

    /// <summary>Bytes of a fixed length, zero padded (<c>S</c>).</summary>
    Bytes,

    /// <summary>Text of a fixed number of UCS-4 characters, zero padded (<c>U</c>).</summary>
    Text,

    /// <summary>Bytes without a meaning (<c>V</c>).</summary>
    Opaque,

    /// <summary>A record with named fields (<c>V</c> with a <c>descr</c>).</summary>
    Record,

    /// <summary>8-bit float, 3 exponent and 4 mantissa bits (DLPack code 7).</summary>
    Float8E3M4,

    /// <summary>8-bit float, 4 exponent and 3 mantissa bits (DLPack code 8).</summary>
    Float8E4M3,

    /// <summary>8-bit float e4m3, bias 11, finite, unsigned zero (DLPack code 9).</summary>
    Float8E4M3B11FNUZ,

    /// <summary>8-bit float e4m3, finite (DLPack code 10).</summary>
    Float8E4M3FN,

    /// <summary>8-bit float e4m3, finite, unsigned zero (DLPack code 11).</summary>
    Float8E4M3FNUZ,

    /// <summary>8-bit float, 5 exponent and 2 mantissa bits (DLPack code 12).</summary>
    Float8E5M2,

    /// <summary>8-bit float e5m2, finite, unsigned zero (DLPack code 13).</summary>
    Float8E5M2FNUZ,

    /// <summary>8-bit power of two, no sign and no mantissa (DLPack code 14).</summary>
    Float8E8M0FNU,

    /// <summary>6-bit float, 2 exponent and 3 mantissa bits (DLPack code 15).</summary>
    Float6E2M3FN,

    /// <summary>6-bit float, 3 exponent and 2 mantissa bits (DLPack code 16).</summary>
    Float6E3M2FN,

    /// <summary>4-bit float, 2 exponent bits and 1 mantissa bit (DLPack code 17).</summary>
    Float4E2M1FN,
}
