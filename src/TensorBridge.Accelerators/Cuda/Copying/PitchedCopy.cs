using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Copies that the driver does by itself: one stretch, rows at a pitch, slices of rows.</summary>
internal static class PitchedCopy
{
    /// <summary>Shorter rows are faster by a kernel: the driver spends a few nanoseconds on each.</summary>
    private const int ShortestRow = 64;

    /// <summary>Enqueues the copy if it has the shape for it.</summary>
    public static bool TryRun(CopyGeometry geometry, nint stream)
    {
        if (geometry.IsLinear)
        {
            DriverCopies.Copy(geometry.Target, geometry.Source, (nuint)geometry.Bytes, stream).ThrowIfFailed("cuMemcpyAsync", $"{geometry.Bytes} bytes from 0x{geometry.Source:x} to 0x{geometry.Target:x}");
            return true;
        }

        if (!TryDescribe(geometry, out Pitches? pitches) || pitches.Width < ShortestRow)
            return false;
        Run(geometry, pitches, stream);
        return true;
    }

    /// <summary>Rows must be dense, in slices that are whole numbers of rows apart, and nothing may run backwards.</summary>
    private static bool TryDescribe(CopyGeometry geometry, [NotNullWhen(true)] out Pitches? pitches)
    {
        pitches = null;
        IReadOnlyList<CopyGeometry.Axis> axes = geometry.Axes;
        bool hasRow = axes.Count > 0 && axes[^1].Source == geometry.WordSize && axes[^1].Target == geometry.WordSize;
        long width = hasRow ? axes[^1].Length * geometry.WordSize : geometry.WordSize;
        int outer = hasRow ? axes.Count - 1 : axes.Count;
        if (outer is 0 or > 2 || (!hasRow && outer > 1))
            return false;
        CopyGeometry.Axis rows = axes[outer - 1];
        CopyGeometry.Axis slices = outer == 2 ? axes[0] : new CopyGeometry.Axis(1, rows.Source * rows.Length, rows.Target * rows.Length);
        if (!IsPitch(rows.Source, slices.Source, width, rows.Length) || !IsPitch(rows.Target, slices.Target, width, rows.Length))
            return false;
        pitches = new Pitches(width, rows, slices);
        return true;
    }

    private static bool IsPitch(long pitch, long slice, long width, long rows) =>
        pitch >= width && pitch <= int.MaxValue && slice % pitch == 0 && slice / pitch >= rows;

    private static void Run(CopyGeometry geometry, Pitches pitches, nint stream)
    {
        if (pitches.Slices.Length == 1)
        {
            var plane = new Copy2D
            {
                SourceMemoryType = CopyMemoryType.Unified,
                SourceDevice = geometry.Source,
                SourcePitch = (nuint)pitches.Rows.Source,
                TargetMemoryType = CopyMemoryType.Unified,
                TargetDevice = geometry.Target,
                TargetPitch = (nuint)pitches.Rows.Target,
                WidthInBytes = (nuint)pitches.Width,
                Height = (nuint)pitches.Rows.Length,
            };
            DriverCopies.Copy2D(in plane, stream).ThrowIfFailed("cuMemcpy2DAsync", $"{pitches.Rows.Length} rows of {pitches.Width} bytes");
            return;
        }

        var box = new Copy3D
        {
            SourceMemoryType = CopyMemoryType.Unified,
            SourceDevice = geometry.Source,
            SourcePitch = (nuint)pitches.Rows.Source,
            SourceHeight = (nuint)(pitches.Slices.Source / pitches.Rows.Source),
            TargetMemoryType = CopyMemoryType.Unified,
            TargetDevice = geometry.Target,
            TargetPitch = (nuint)pitches.Rows.Target,
            TargetHeight = (nuint)(pitches.Slices.Target / pitches.Rows.Target),
            WidthInBytes = (nuint)pitches.Width,
            Height = (nuint)pitches.Rows.Length,
            Depth = (nuint)pitches.Slices.Length,
        };
        DriverCopies.Copy3D(in box, stream).ThrowIfFailed("cuMemcpy3DAsync", $"{pitches.Slices.Length} slices of {pitches.Rows.Length} rows of {pitches.Width} bytes");
    }

    private sealed record Pitches(long Width, CopyGeometry.Axis Rows, CopyGeometry.Axis Slices);
}
