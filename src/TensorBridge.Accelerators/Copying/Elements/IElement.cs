namespace TensorBridge.Accelerators.Copying;

/// <summary>One element type for casts: how its word is read as a number, and how a number becomes its word. A type argument.</summary>
/// <remarks>Three kinds of number pass between two elements: 64-bit integers, binary32 pairs and binary64 pairs (real, imaginary).</remarks>
internal interface IElement<TWord>
    where TWord : unmanaged
{
    bool IsInteger { get; }

    /// <summary>Of integers: whether <see cref="Integer"/> is signed.</summary>
    bool IsSigned { get; }

    /// <summary>Of floats: true when binary32 holds every value.</summary>
    bool IsSingle { get; }

    long Integer(TWord word);

    float Single(TWord word);

    float SingleImaginary(TWord word);

    double Real(TWord word);

    double Imaginary(TWord word);

    TWord FromInteger(long value, bool signed);

    TWord FromSingle(float real, float imaginary);

    TWord FromReal(double real, double imaginary);
}
