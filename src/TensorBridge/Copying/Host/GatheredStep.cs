using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>
/// A step widened to whole source lines, which are copied side by side first. For source pitches that map the rows of a step to a few sets of the first-level cache:
/// there a line is evicted before the next 16 bytes of it are wanted.
/// </summary>
internal readonly unsafe struct GatheredStep<TStep> : ITransposeStep
    where TStep : struct, ITransposeStep
{
    private const int Line = 64;

    /// <summary>Offsets of consecutive lines, as a table of rows. Lives as long as the process.</summary>
    private static readonly nint* Lines = MakeLines();

    public static int Columns => Line / TStep.WordSize;

    public static int Rows => TStep.Rows;

    public static int WordSize => TStep.WordSize;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte* destination, nint* destinationRows, byte* source, nint* sourceRows)
    {
        byte* room = stackalloc byte[(Line * Line) + Line];
        byte* gathered = room + ShortRun.ToLine(room);
        for (int i = 0; i < TStep.Rows; i++)
            Vector512.Load(source + sourceRows[i]).Store(gathered + (i * Line));
        nint* lines = Lines;
        for (int column = 0; column < Columns; column += TStep.Columns)
            TStep.Run(destination, destinationRows + column, gathered + (column * TStep.WordSize), lines);
    }

    private static nint* MakeLines()
    {
        nint* lines = (nint*)NativeMemory.Alloc(Line, (nuint)sizeof(nint));
        for (int i = 0; i < Line; i++)
            lines[i] = i * Line;
        return lines;
    }
}
