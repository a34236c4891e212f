using System.Numerics;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Division by a fixed number: a multiplication and two cheap steps in place of a division, which costs a GPU dozens of instructions.</summary>
/// <remarks>
/// For dividends below 2^31, with <c>s = ceil(log2 d)</c> and <c>m = floor(2^32 (2^s - d) / d) + 1</c>:
/// <c>n / d = (mulhi(n, m) + n) >> s</c>.
/// </remarks>
internal struct FastDivisor
{
    public uint Divisor;
    public uint Magic;
    public int Shift;

    public FastDivisor(long divisor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(divisor, int.MaxValue);
        Divisor = (uint)divisor;
        Shift = divisor == 1 ? 0 : BitOperations.Log2(Divisor - 1) + 1;
        Magic = (uint)((((1UL << Shift) - Divisor) << 32) / Divisor) + 1;
    }

    public readonly uint Divide(uint dividend) => ((uint)(((ulong)dividend * Magic) >> 32) + dividend) >> Shift;
}
