namespace TensorBridge.Accelerators.Copying;

/// <summary>Unsigned integers of 64 bits.</summary>
internal readonly struct UInt64Element : IElement<ulong>
{
    public bool IsInteger => true;

    public bool IsSigned => false;

    public bool IsSingle => false;

    public long Integer(ulong word) => (long)word;

    public float Single(ulong word) => 0f;

    public float SingleImaginary(ulong word) => 0f;

    public double Real(ulong word) => Single(word);

    public double Imaginary(ulong word) => 0;

    public ulong FromInteger(long value, bool signed) => (ulong)value;

    public ulong FromSingle(float real, float imaginary) => Numbers.ToUInt64(real);

    public ulong FromReal(double real, double imaginary) => Numbers.ToUInt64(real);
}
