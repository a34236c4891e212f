using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Chooses between the executors of a nest: rows, channels or tiles.</summary>
internal static unsafe class NestLoop
{
    /// <summary>Executes a nest on the calling thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in HostNest nest, byte* destination, byte* source)
    {
        int axis = nest.Rank == 1 ? 0 : nest.Axes[0].Extent == 1 ? 0 : FindTile(nest);
        if (axis == 0)
            RowLoop.Run(nest, destination, source);
        else
            TileLoop.Run(nest, axis, destination, source);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindTile(in HostNest nest)
    {
        for (int i = 1; i < nest.Rank; i++)
        {
            if (ChannelLoop.IsInterleave(nest, i))
                return i;
        }
        int axis = TileLoop.FindAxis(nest);
        // A tile pays where neighbours in the source share lines; broadcasts and far-apart words are rows.
        nint step = nest.Axes[axis].Source;
        return axis != 0 && nest.Axes[0].Source != 0 && step <= 32 && step >= -32 ? axis : 0;
    }
}
