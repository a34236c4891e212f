using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Block transposes with 16-byte vectors.</summary>
internal sealed unsafe class TileKernelsPortable : TileKernels
{
    public override bool StreamsLines => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Transpose(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows, bool stream) =>
        Run<LanesPortable, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
}
