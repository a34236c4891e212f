namespace TensorBridge.Accelerators.Copying;

/// <summary>Byte moves inside 32-bit registers, with masks and shifts that every back end has.</summary>
internal static class Bytes
{
    /// <summary>Reverses the two bytes of both halves.</summary>
    public static uint Swap2(uint word) => ((word & 0x00FF00FFu) << 8) | ((word >> 8) & 0x00FF00FFu);

    /// <summary>Reverses all four bytes.</summary>
    public static uint Swap4(uint word) => Exchange(Swap2(word));

    /// <summary>Exchanges the two halves.</summary>
    public static uint Exchange(uint word) => (word << 16) | (word >> 16);

    /// <summary>Bytes 0 of a, 0 of b, 2 of a, 2 of b.</summary>
    public static uint Even(uint a, uint b) => (a & 0x00FF00FFu) | ((b & 0x00FF00FFu) << 8);

    /// <summary>Bytes 1 of a, 1 of b, 3 of a, 3 of b.</summary>
    public static uint Odd(uint a, uint b) => ((a >> 8) & 0x00FF00FFu) | (b & 0xFF00FF00u);

    /// <summary>The low halves of a and b.</summary>
    public static uint Low(uint a, uint b) => (a & 0xFFFFu) | (b << 16);

    /// <summary>The high halves of a and b.</summary>
    public static uint High(uint a, uint b) => (a >> 16) | (b & 0xFFFF0000u);

    /// <summary>32 bits from two neighbouring words, from bit <paramref name="shift"/> of the lower one on.</summary>
    public static uint Shift(uint low, uint high, int shift) => (uint)((((ulong)high << 32) | low) >> shift);

    /// <summary>Four bytes, the first in the lowest place. Additions, because shift and addition are one instruction.</summary>
    public static uint Join(uint a, uint b, uint c, uint d) => a + (b << 8) + ((c + (d << 8)) << 16);
}
