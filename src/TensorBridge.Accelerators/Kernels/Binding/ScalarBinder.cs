using System.Numerics;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds a number to a scalar parameter: never a fraction to an integer, never out of range.</summary>
internal sealed class ScalarBinder<T> : ParameterBinder<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public ScalarBinder(KernelParameter parameter)
        : base(parameter) => parameter.Expected = ElementTypes.NameOf<T>();

    private static bool IsReal => typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half);

    public override T Read(ref readonly KernelArgument argument, KernelFrame frame)
    {
        KernelArgument value = ScalarTensor.Unwrap(this, argument);
        return value.Kind switch
        {
            KernelArgumentKind.Real when IsReal => FromReal(value.Real, value),
            KernelArgumentKind.Integer => FromInteger(value.Integer, value),
            KernelArgumentKind.Boolean => value.Boolean ? T.One : T.Zero,
            _ => throw ArgumentErrors.WrongType(this, argument),
        };
    }

    private T FromReal(double value, in KernelArgument argument)
    {
        T result = T.CreateSaturating(value);
        return T.IsInfinity(result) && double.IsFinite(value) ? throw ArgumentErrors.OutOfRange(this, argument, T.MinValue, T.MaxValue) : result;
    }

    private T FromInteger(Int128 value, in KernelArgument argument)
    {
        if (IsReal)
            return FromReal((double)value, argument);
        return value < Int128.CreateSaturating(T.MinValue) || value > Int128.CreateSaturating(T.MaxValue)
            ? throw ArgumentErrors.OutOfRange(this, argument, T.MinValue, T.MaxValue)
            : T.CreateTruncating(value);
    }
}
