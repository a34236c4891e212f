namespace TensorBridge.Accelerators.Copying;

/// <summary>Unsigned integers of 32 bits.</summary>
internal readonly struct UInt32Element : IElement<uint>
{
    public bool IsInteger => true;

    public bool IsSigned => false;

    public bool IsSingle => false;

    public long Integer(uint word) => word;

    public float Single(uint word) => 0f;

    public float SingleImaginary(uint word) => 0f;

    public double Real(uint word) => Single(word);

    public double Imaginary(uint word) => 0;

    public uint FromInteger(long value, bool signed) => (uint)value;

    public uint FromSingle(float real, float imaginary) => (uint)Numbers.ToInt64(real);

    public uint FromReal(double real, double imaginary) => (uint)Numbers.ToInt64(real);
}
