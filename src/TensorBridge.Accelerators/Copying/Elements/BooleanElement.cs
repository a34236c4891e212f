namespace TensorBridge.Accelerators.Copying;

/// <summary>One byte: zero is false, anything else true; written as 0 or 1.</summary>
internal readonly struct BooleanElement : IElement<byte>
{
    public bool IsInteger => true;

    public bool IsSigned => false;

    public bool IsSingle => false;

    public long Integer(byte word) => word != 0 ? 1 : 0;

    public float Single(byte word) => 0f;

    public float SingleImaginary(byte word) => 0f;

    public double Real(byte word) => Single(word);

    public double Imaginary(byte word) => 0;

    public byte FromInteger(long value, bool signed) => value != 0 ? (byte)1 : (byte)0;

    public byte FromSingle(float real, float imaginary) => real != 0f || imaginary != 0f ? (byte)1 : (byte)0;

    public byte FromReal(double real, double imaginary) => real != 0 || imaginary != 0 ? (byte)1 : (byte)0;
}
