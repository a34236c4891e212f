namespace TensorBridge.Accelerators.Copying;

/// <summary>Two binary16: real, imaginary.</summary>
internal readonly struct Complex32Element : IElement<uint>
{
    public bool IsInteger => false;

    public bool IsSigned => false;

    public bool IsSingle => true;

    public long Integer(uint word) => 0;

    public float Single(uint word) => Numbers.FromHalf(word & 0xFFFFu);

    public float SingleImaginary(uint word) => Numbers.FromHalf(word >> 16);

    public double Real(uint word) => Single(word);

    public double Imaginary(uint word) => SingleImaginary(word);

    public uint FromInteger(long value, bool signed) => Numbers.ToHalf(Numbers.ToSingle(value, signed));

    public uint FromSingle(float real, float imaginary) => Numbers.ToHalf(real) | (Numbers.ToHalf(imaginary) << 16);

    public uint FromReal(double real, double imaginary) => Numbers.ToHalf(Numbers.ToOdd(real)) | (Numbers.ToHalf(Numbers.ToOdd(imaginary)) << 16);
}
