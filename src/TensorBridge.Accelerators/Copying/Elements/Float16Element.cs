namespace TensorBridge.Accelerators.Copying;

/// <summary>binary16, converted by integer arithmetic: for accelerators without it, and next to byte swaps.</summary>
internal readonly struct Float16Element : IElement<ushort>
{
    public bool IsInteger => false;

    public bool IsSigned => false;

    public bool IsSingle => true;

    public long Integer(ushort word) => 0;

    public float Single(ushort word) => Numbers.FromHalf(word);

    public float SingleImaginary(ushort word) => 0f;

    public double Real(ushort word) => Single(word);

    public double Imaginary(ushort word) => 0;

    public ushort FromInteger(long value, bool signed) => (ushort)Numbers.ToHalf(Numbers.ToSingle(value, signed));

    public ushort FromSingle(float real, float imaginary) => (ushort)Numbers.ToHalf(real);

    public ushort FromReal(double real, double imaginary) => (ushort)Numbers.ToHalf(Numbers.ToOdd(real));
}
