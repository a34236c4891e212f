namespace TensorBridge.Accelerators.Copying;

/// <summary>binary64.</summary>
internal readonly struct Float64Element : IElement<ulong>
{
    public bool IsInteger => false;

    public bool IsSigned => false;

    public bool IsSingle => false;

    public long Integer(ulong word) => 0;

    public float Single(ulong word) => 0f;

    public float SingleImaginary(ulong word) => 0f;

    public double Real(ulong word) => IlgpuInterop.IntAsFloat(word);

    public double Imaginary(ulong word) => 0;

    public ulong FromInteger(long value, bool signed) => IlgpuInterop.FloatAsInt(Numbers.ToDouble(value, signed));

    public ulong FromSingle(float real, float imaginary) => IlgpuInterop.FloatAsInt((double)real);

    public ulong FromReal(double real, double imaginary) => IlgpuInterop.FloatAsInt(real);
}
