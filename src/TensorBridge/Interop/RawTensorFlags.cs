namespace TensorBridge.Interop;

/// <summary>The bits of <see cref="RawTensor.Flags"/>: <c>tb_flags</c>.</summary>
[Flags]
internal enum RawTensorFlags : uint
{
    /// <summary>Writing is forbidden.</summary>
    ReadOnly = 1,

    /// <summary>Dense in C order by the relaxed rule.</summary>
    CContiguous = 2,

    /// <summary>Dense in Fortran order by the relaxed rule.</summary>
    FContiguous = 4,
}
