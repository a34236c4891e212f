using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Block transposes with AVX2: registers of two lanes, or one for narrow blocks.</summary>
internal sealed unsafe class TileKernelsAvx2 : TileKernels
{
    public override bool StreamsLines => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Transpose(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows, bool stream)
    {
        if (rows * word >= 32)
            Run<LanesAvx2, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else
            Run<LanesSse2, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
    }
}
