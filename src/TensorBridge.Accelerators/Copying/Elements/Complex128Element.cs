namespace TensorBridge.Accelerators.Copying;

/// <summary>Two binary64: real, imaginary.</summary>
internal readonly struct Complex128Element : IElement<V16>
{
    public bool IsInteger => false;

    public bool IsSigned => false;

    public bool IsSingle => false;

    public long Integer(V16 word) => 0;

    public float Single(V16 word) => 0f;

    public float SingleImaginary(V16 word) => 0f;

    public double Real(V16 word) => IlgpuInterop.IntAsFloat(word.X | ((ulong)word.Y << 32));

    public double Imaginary(V16 word) => IlgpuInterop.IntAsFloat(word.Z | ((ulong)word.W << 32));

    public V16 FromInteger(long value, bool signed) => FromReal(Numbers.ToDouble(value, signed), 0);

    public V16 FromSingle(float real, float imaginary) => FromReal(real, imaginary);

    public V16 FromReal(double real, double imaginary)
    {
        ulong low = IlgpuInterop.FloatAsInt(real);
        ulong high = IlgpuInterop.FloatAsInt(imaginary);
        V16 word;
        word.X = (uint)low;
        word.Y = (uint)(low >> 32);
        word.Z = (uint)high;
        word.W = (uint)(high >> 32);
        return word;
    }
}
