namespace TensorBridge.Accelerators;

/// <summary>Index arithmetic for kernels.</summary>
internal static class IndexMath
{
    /// <summary>Divides <paramref name="rest"/> by <paramref name="length"/> in place and returns the remainder.</summary>
    /// <remarks>A 64-bit division is a subroutine call on a GPU; almost every index fits 32 bits.</remarks>
    public static long Remainder(ref long rest, long length)
    {
        long quotient = ((ulong)(rest | length) >> 32) == 0
            ? (uint)rest / (uint)length
            : rest / length;
        long remainder = rest - (quotient * length);
        rest = quotient;
        return remainder;
    }
}
