namespace TensorBridge.Copying;

/// <summary>One element of any type between load and store, without loss: an integer or a pair of binary64.</summary>
/// <remarks>Every smaller float is exact in binary64, so one rounding happens, at the store.</remarks>
internal readonly struct ScalarValue
{
    private readonly Int128 _integer;
    private readonly double _real;
    private readonly double _imaginary;
    private readonly bool _isInteger;

    public ScalarValue(Int128 integer)
    {
        _integer = integer;
        _isInteger = true;
    }

    public ScalarValue(double real, double imaginary = 0)
    {
        _real = real;
        _imaginary = imaginary;
    }

    public bool IsTrue => _isInteger ? _integer != 0 : _real != 0 || _imaginary != 0;

    public double Real => _isInteger ? ToDouble(_integer) : _real;

    public double Imaginary => _imaginary;

    /// <summary>The low 64 bits after C's conversion on x86-64, for a destination of that width and sign.</summary>
    public long ToBits(int size, bool signed)
    {
        if (_isInteger)
            return unchecked((long)(ulong)_integer);
        if (size == 8 && !signed)
            return unchecked((long)Truncation.ToUInt64(_real));
        return size == 8 || (size == 4 && !signed) ? Truncation.ToInt64(_real) : Truncation.ToInt32(_real);
    }

    public float ToSingle() => _isInteger ? ToSingle(_integer) : (float)_real;

    /// <summary>binary16 with one rounding; integers pass through binary32, which is exact wherever binary16 is finite.</summary>
    public Half ToHalf() => _isInteger ? (Half)ToSingle(_integer) : (Half)_real;

    /// <summary>bfloat16 from binary32, to nearest even: what PyTorch and ml_dtypes do.</summary>
    public ushort ToBFloat16() => Truncation.ToBFloat16(ToSingle());

    private static double ToDouble(Int128 value) => value < 0 ? (double)(long)value : (double)(ulong)value;

    private static float ToSingle(Int128 value) => value < 0 ? (float)(long)value : (float)(ulong)value;
}
