namespace TensorBridge;

/// <summary>The memory order asked of a contiguous tensor.</summary>
public enum Order
{
    /// <summary>C order: the last axis is innermost.</summary>
    C,

    /// <summary>Fortran order: the first axis is innermost.</summary>
    F,

    /// <summary>The order of the source's axes in memory is kept, without its gaps.</summary>
    K,
}
