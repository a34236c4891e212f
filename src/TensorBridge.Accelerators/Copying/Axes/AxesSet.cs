namespace TensorBridge.Accelerators.Copying;

/// <summary>Puts a list of axes into the smallest set of fixed size that holds them.</summary>
internal static class AxesSet
{
    /// <summary>The axes, innermost first, as one of <see cref="Axes1"/>, <see cref="Axes2"/>, <see cref="Axes4"/>, <see cref="Axes8"/> or pairs of these.</summary>
    public static object Create(ReadOnlySpan<AxisStep> axes)
    {
        Span<AxisStep> padded = stackalloc AxisStep[64];
        padded.Fill(AxisStep.Single);
        axes.CopyTo(padded);
        return axes.Length switch
        {
            <= 1 => new Axes1(padded),
            2 => new Axes2(padded),
            <= 4 => new Axes4(padded),
            <= 8 => new Axes8(padded),
            <= 16 => Sixteen(padded),
            <= 32 => ThirtyTwo(padded),
            _ => new AxesPair<AxesPair<AxesPair<Axes8, Axes8>, AxesPair<Axes8, Axes8>>, AxesPair<AxesPair<Axes8, Axes8>, AxesPair<Axes8, Axes8>>>
            {
                Inner = ThirtyTwo(padded),
                Outer = ThirtyTwo(padded[32..]),
            },
        };
    }

    private static AxesPair<Axes8, Axes8> Sixteen(ReadOnlySpan<AxisStep> axes) => new() { Inner = new Axes8(axes), Outer = new Axes8(axes[8..]) };

    private static AxesPair<AxesPair<Axes8, Axes8>, AxesPair<Axes8, Axes8>> ThirtyTwo(ReadOnlySpan<AxisStep> axes) =>
        new() { Inner = Sixteen(axes), Outer = Sixteen(axes[16..]) };
}
