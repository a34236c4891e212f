using Half = ILGPU.Half;

namespace TensorBridge.Accelerators.Copying;

/// <summary>binary16, converted by one instruction on CUDA.</summary>
internal readonly struct NativeFloat16Element : IElement<Half>
{
    public bool IsInteger => false;

    public bool IsSigned => false;

    public bool IsSingle => true;

    public long Integer(Half word) => 0;

    public float Single(Half word) => word;

    public float SingleImaginary(Half word) => 0f;

    public double Real(Half word) => Single(word);

    public double Imaginary(Half word) => 0;

    public Half FromInteger(long value, bool signed) => (Half)Numbers.ToSingle(value, signed);

    public Half FromSingle(float real, float imaginary) => (Half)real;

    public Half FromReal(double real, double imaginary) => (Half)Numbers.ToOdd(real);
}
