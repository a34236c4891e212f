namespace TensorBridge.Accelerators.Copying;

/// <summary>Signed integers of 64 bits; dates and durations too.</summary>
internal readonly struct Int64Element : IElement<ulong>
{
    public bool IsInteger => true;

    public bool IsSigned => true;

    public bool IsSingle => false;

    public long Integer(ulong word) => (long)word;

    public float Single(ulong word) => 0f;

    public float SingleImaginary(ulong word) => 0f;

    public double Real(ulong word) => Single(word);

    public double Imaginary(ulong word) => 0;

    public ulong FromInteger(long value, bool signed) => (ulong)value;

    public ulong FromSingle(float real, float imaginary) => (ulong)Numbers.ToInt64(real);

    public ulong FromReal(double real, double imaginary) => (ulong)Numbers.ToInt64(real);
}
