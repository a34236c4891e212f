namespace TensorBridge.Accelerators.Copying;

/// <summary>The upper half of a binary32.</summary>
internal readonly struct BFloat16Element : IElement<ushort>
{
    public bool IsInteger => false;

    public bool IsSigned => false;

    public bool IsSingle => true;

    public long Integer(ushort word) => 0;

    public float Single(ushort word) => IlgpuInterop.IntAsFloat((uint)word << 16);

    public float SingleImaginary(ushort word) => 0f;

    public double Real(ushort word) => Single(word);

    public double Imaginary(ushort word) => 0;

    public ushort FromInteger(long value, bool signed) => (ushort)Numbers.ToBFloat16(Numbers.ToSingle(value, signed));

    public ushort FromSingle(float real, float imaginary) => (ushort)Numbers.ToBFloat16(real);

    public ushort FromReal(double real, double imaginary) => (ushort)Numbers.ToBFloat16((float)real);
}
