namespace TensorBridge.Interop;

/// <summary>The bits of <see cref="RawArrayStruct.Flags"/>, as NumPy defines them.</summary>
[Flags]
internal enum RawArrayStructFlags
{
    /// <summary>Dense in C order.</summary>
    CContiguous = 0x1,

    /// <summary>Dense in Fortran order.</summary>
    FContiguous = 0x2,

    /// <summary>Every element is aligned.</summary>
    Aligned = 0x100,

    /// <summary>In this machine's byte order.</summary>
    NotSwapped = 0x200,

    /// <summary>Writing is allowed.</summary>
    Writeable = 0x400,

    /// <summary>The descr field is valid.</summary>
    HasDescr = 0x800,
}
