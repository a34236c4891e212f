using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Covers a block with steps of one register transpose. Blocks that are no multiple of the step end with a step that overlaps the one before.</summary>
internal static unsafe class TransposeLoop<TStep>
    where TStep : struct, ITransposeStep
{
    /// <summary>Transposes <paramref name="columns"/> words of <paramref name="rows"/> source rows; at least one step in each direction.</summary>
    /// <remarks>Runs along the destination rows first: stores that miss the first-level cache are dearer than loads, and want the prefetcher.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AlongDestination(byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
    {
        for (nint p = 0; ;)
        {
            byte* column = source + (p * TStep.WordSize);
            for (nint q = 0; ;)
            {
                TStep.Run(destination + (q * TStep.WordSize), destinationRows + p, column, sourceRows + q);
                if ((q += TStep.Rows) >= rows)
                    break;
                q = nint.Min(q, rows - TStep.Rows);
            }
            if ((p += TStep.Columns) >= columns)
                break;
            p = nint.Min(p, columns - TStep.Columns);
        }
    }

    /// <summary>As <see cref="AlongDestination"/>, along the source rows first: for streaming, where stores do not read, and loads want the prefetcher.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AlongSource(byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
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
