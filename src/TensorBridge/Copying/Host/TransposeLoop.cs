using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Covers a block with steps of one register transpose. Blocks that are no multiple of the step end with a step that overlaps the one before.</summary>
internal static unsafe class TransposeLoop<TStep>
    where TStep : struct, ITransposeStep
{
    /// <summary>Transposes <paramref name="columns"/> words of <paramref name="rows"/> source rows; at least one step in each direction.</summary>
    /// <remarks>Runs along the source rows first: every source line is used up while it is in the cache, whatever the pitch.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
    {
        for (nint q = 0; ;)
        {
            byte* strip = destination + (q * TStep.WordSize);
            for (nint p = 0; ;)
            {
                TStep.Run(strip, destinationRows + p, source + (p * TStep.WordSize), sourceRows + q);
                if ((p += TStep.Columns) >= columns)
                    break;
                p = nint.Min(p, columns - TStep.Columns);
            }
            if ((q += TStep.Rows) >= rows)
                break;
            q = nint.Min(q, rows - TStep.Rows);
        }
    }
}
