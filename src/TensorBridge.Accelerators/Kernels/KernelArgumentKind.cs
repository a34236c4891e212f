namespace TensorBridge.Accelerators.Kernels;

/// <summary>What a <see cref="KernelArgument"/> holds.</summary>
public enum KernelArgumentKind : byte
{
    /// <summary>Nothing: the default value.</summary>
    None,

    /// <summary>A tensor.</summary>
    Tensor,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A real number.</summary>
    Real,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A complex number.</summary>
    Complex,

    /// <summary>A value of an unmanaged struct.</summary>
    Struct,

    /// <summary>Text, for exported host methods.</summary>
    Text,
}
