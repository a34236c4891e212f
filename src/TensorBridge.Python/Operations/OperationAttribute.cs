namespace TensorBridge.Python.Operations;

/// <summary>Makes a static method a function of the Python package.</summary>
/// <remarks>
/// The method takes an <see cref="OperationArguments"/> and returns what <see cref="OperationResult"/> can carry; one that is
/// called too often for that has the form of <see cref="RawOperation"/>.
/// Nothing else is needed: the native module builds the Python function from the signature, converts the arguments,
/// lets go of the GIL during the call, and turns exceptions into Python's by the table of the error rules.
/// </remarks>
/// <param name="signature">
/// The Python signature with the kind of each parameter: <c>copyto(dst: tensor, src: tensor, *, casting: str = 'same_kind')</c>.
/// Kinds are any (the default), tensor, int, float, bool, str, dtype, shape, object, stream (the number of a CUDA stream), source (a
/// tensor, or a plain Python value); with the default None a parameter also takes None; <c>*name</c> collects the remaining positional arguments in a tuple. Names that start with an
/// underscore are not shown to users.
/// </param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperationAttribute(string signature) : Attribute
{
    /// <summary>The Python signature.</summary>
    public string Signature { get; } = signature;

    /// <summary>The docstring.</summary>
    public string Documentation { get; init; } = string.Empty;

    /// <summary>True for calls too short to be worth letting go of the GIL (about 30 ns), or that need it.</summary>
    public bool KeepsGil { get; init; }

    /// <summary>True to keep the GIL too when all tensors among the arguments have at most 16 KiB: such calls end within microseconds.</summary>
    public bool KeepsGilWhenSmall { get; init; }
}
