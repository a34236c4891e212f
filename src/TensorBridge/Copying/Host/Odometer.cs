using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Walks the outer axes of a nest and keeps both addresses up to date.</summary>
internal unsafe struct Odometer(HostAxis* axes, int rank, nint* positions, byte* destination, byte* source)
{
    /// <summary>Start of the current inner block.</summary>
    public byte* Destination = destination;

    /// <inheritdoc cref="Destination"/>
    public byte* Source = source;

    /// <summary>Goes to the next block, axis 0 fastest; false after the last one. Positions must have been zero at the start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        for (int i = 0; i < rank; i++)
        {
            Destination += axes[i].Destination;
            Source += axes[i].Source;
            if (++positions[i] < axes[i].Extent)
                return true;
            Destination -= axes[i].Destination * axes[i].Extent;
            Source -= axes[i].Source * axes[i].Extent;
            positions[i] = 0;
        }
        return false;
    }
}
