namespace TensorBridge.Copying.Host;

/// <summary>The instruction sets that kernels exist for, each a superset of the one before.</summary>
internal enum InstructionSet
{
    /// <summary>What every processor of .NET has: 16-byte vectors, in hardware or not.</summary>
    Portable,

    /// <summary>x86 with AVX2.</summary>
    Avx2,

    /// <summary>x86 with AVX-512 F, BW and VL; byte permutes of VBMI where present.</summary>
    Avx512,
}
