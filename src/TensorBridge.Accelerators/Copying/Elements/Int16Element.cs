namespace TensorBridge.Accelerators.Copying;

/// <summary>Signed integers of 16 bits.</summary>
internal readonly struct Int16Element : IElement<ushort>
{
    public bool IsInteger => true;

    public bool IsSigned => true;

    public bool IsSingle => false;

    // Not by a conversion: ILGPU's OpenCL code forgets the sign where the word was computed.
    public long Integer(ushort word) => (word << 16) >> 16;

    public float Single(ushort word) => 0f;

    public float SingleImaginary(ushort word) => 0f;

    public double Real(ushort word) => Single(word);

    public double Imaginary(ushort word) => 0;

    public ushort FromInteger(long value, bool signed) => (ushort)value;

    public ushort FromSingle(float real, float imaginary) => (ushort)Numbers.ToInt32(real);

    public ushort FromReal(double real, double imaginary) => (ushort)Numbers.ToInt32(real);
}
