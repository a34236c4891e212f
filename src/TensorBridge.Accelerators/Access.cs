namespace TensorBridge.Accelerators;

/// <summary>What a kernel does with a tensor.</summary>
[Flags]
public enum Access
{
    /// <summary>Its elements are read.</summary>
    Read = 1,

    /// <summary>All its elements are written; what was there before does not matter.</summary>
    Write = 2,

    /// <summary>Its elements are read and written.</summary>
    ReadWrite = Read | Write,
}
