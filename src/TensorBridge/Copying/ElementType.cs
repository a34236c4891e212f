namespace TensorBridge.Copying;

/// <summary>The element types that casts read and write. Opaque items (strings, records) are <see cref="None"/>.</summary>
public enum ElementType : byte
{
    /// <summary>Opaque bytes: no arithmetic meaning.</summary>
    None,

    /// <summary>One byte; zero is false, anything else is true.</summary>
    Boolean,

    /// <summary>Signed 8-bit integer.</summary>
    Int8,

    /// <summary>Signed 16-bit integer.</summary>
    Int16,

    /// <summary>Signed 32-bit integer.</summary>
    Int32,

    /// <summary>Signed 64-bit integer.</summary>
    Int64,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64,

    /// <summary>IEEE binary16.</summary>
    Float16,

    /// <summary>The upper half of a binary32.</summary>
    BFloat16,

    /// <summary>IEEE binary32.</summary>
    Float32,

    /// <summary>IEEE binary64.</summary>
    Float64,

    /// <summary>Two binary16: real, imaginary.</summary>
    Complex32,

    /// <summary>Two binary32: real, imaginary.</summary>
    Complex64,

    /// <summary>Two binary64: real, imaginary.</summary>
    Complex128,

    /// <summary>64-bit ticks since the epoch; the smallest value is "not a time".</summary>
    DateTime64,

    /// <summary>64-bit ticks of a duration; the smallest value is "not a time".</summary>
    TimeDelta64,
}
