using System.Runtime.InteropServices;

namespace TensorBridge.Copying.Host;

/// <summary>Offsets of consecutive lines, as a table of rows: buffers in which row i is line i.</summary>
internal static unsafe class LineTable
{
    private const int Lines = 64;

    /// <summary>0, 64, 128, and so on, for 64 lines. Lives as long as the process.</summary>
    public static readonly nint* Offsets = Make();

    private static nint* Make()
    {
        nint* offsets = (nint*)NativeMemory.Alloc(Lines, (nuint)sizeof(nint));
        for (int i = 0; i < Lines; i++)
            offsets[i] = i * 64;
        return offsets;
    }
}
