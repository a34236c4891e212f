namespace TensorBridge.Accelerators.Copying;

/// <summary>Unsigned integers of 8 bits.</summary>
internal readonly struct UInt8Element : IElement<byte>
{
    public bool IsInteger => true;

    public bool IsSigned => false;

    public bool IsSingle => false;

    public long Integer(byte word) => word;

    public float Single(byte word) => 0f;

    public float SingleImaginary(byte word) => 0f;

    public double Real(byte word) => Single(word);

    public double Imaginary(byte word) => 0;

    public byte FromInteger(long value, bool signed) => (byte)value;

    public byte FromSingle(float real, float imaginary) => (byte)Numbers.ToInt32(real);

    public byte FromReal(double real, double imaginary) => (byte)Numbers.ToInt32(real);
}
