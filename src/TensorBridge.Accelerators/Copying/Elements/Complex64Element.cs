namespace TensorBridge.Accelerators.Copying;

/// <summary>Two binary32: real, imaginary.</summary>
internal readonly struct Complex64Element : IElement<ulong>
{
    public bool IsInteger => false;

    public bool IsSigned => false;

    public bool IsSingle => true;

    public long Integer(ulong word) => 0;

    public float Single(ulong word) => IlgpuInterop.IntAsFloat((uint)word);

    public float SingleImaginary(ulong word) => IlgpuInterop.IntAsFloat((uint)(word >> 32));

    public double Real(ulong word) => Single(word);

    public double Imaginary(ulong word) => SingleImaginary(word);

    public ulong FromInteger(long value, bool signed) => IlgpuInterop.FloatAsInt(Numbers.ToSingle(value, signed));

    public ulong FromSingle(float real, float imaginary) => IlgpuInterop.FloatAsInt(real) | ((ulong)IlgpuInterop.FloatAsInt(imaginary) << 32);

    public ulong FromReal(double real, double imaginary) => FromSingle((float)real, (float)imaginary);
}
