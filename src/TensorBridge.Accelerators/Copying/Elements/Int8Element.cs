namespace TensorBridge.Accelerators.Copying;

/// <summary>Signed integers of 8 bits.</summary>
internal readonly struct Int8Element : IElement<byte>
{
    public bool IsInteger => true;

    public bool IsSigned => true;

    public bool IsSingle => false;

    // Not by a conversion: ILGPU's OpenCL code forgets the sign where the word was computed.
    public long Integer(byte word) => (word << 24) >> 24;

    public float Single(byte word) => 0f;

    public float SingleImaginary(byte word) => 0f;

    public double Real(byte word) => Single(word);

    public double Imaginary(byte word) => 0;

    public byte FromInteger(long value, bool signed) => (byte)value;

    public byte FromSingle(float real, float imaginary) => (byte)Numbers.ToInt32(real);

    public byte FromReal(double real, double imaginary) => (byte)Numbers.ToInt32(real);
}
