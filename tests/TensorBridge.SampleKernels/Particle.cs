using System.Diagnostics.CodeAnalysis;

/// <summary>A point with a label, for kernels over records.</summary>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Elements of kernels are plain fields.")]
public struct Particle
{
    /// <summary>First coordinate.</summary>
    public float X;

    /// <summary>Second coordinate.</summary>
    public float Y;

    /// <summary>A label.</summary>
    public long Id;
}
