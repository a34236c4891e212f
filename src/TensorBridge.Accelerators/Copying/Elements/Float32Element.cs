namespace TensorBridge.Accelerators.Copying;

/// <summary>binary32.</summary>
internal readonly struct Float32Element : IElement<uint>
{
    public bool IsInteger => false;

    public bool IsSigned => false;

    public bool IsSingle => true;

    public long Integer(uint word) => 0;

    public float Single(uint word) => IlgpuInterop.IntAsFloat(word);

    public float SingleImaginary(uint word) => 0f;

    public double Real(uint word) => Single(word);

    public double Imaginary(uint word) => 0;

    public uint FromInteger(long value, bool signed) => IlgpuInterop.FloatAsInt(Numbers.ToSingle(value, signed));

    public uint FromSingle(float real, float imaginary) => IlgpuInterop.FloatAsInt(real);

    public uint FromReal(double real, double imaginary) => IlgpuInterop.FloatAsInt((float)real);
}
