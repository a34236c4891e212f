using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Four accesses at equal distances. Each address is one 32-bit multiplication and addition away from the one before.</summary>
/// <remarks>Distances are below 2^32 words and not negative: a walk towards lower addresses begins at its lowest.</remarks>
internal static class FourSteps
{
    /// <summary>Words at 0, 1, 2 and 3 times <paramref name="step"/>, and the view that begins at the last of them: one further may lie outside.</summary>
    public static Four<T> Load<T>(ArrayView<T> source, uint step, out ArrayView<T> last)
        where T : unmanaged
    {
        ArrayView<T> second = source.SubView(step);
        ArrayView<T> third = second.SubView(step);
        last = third.SubView(step);
        Four<T> words;
        words.First = source[0];
        words.Second = second[0];
        words.Third = third[0];
        words.Fourth = last[0];
        return words;
    }

    /// <inheritdoc cref="Load"/>
    public static void Store<T>(ArrayView<T> destination, uint step, Four<T> words, out ArrayView<T> last)
        where T : unmanaged
    {
        ArrayView<T> second = destination.SubView(step);
        ArrayView<T> third = second.SubView(step);
        last = third.SubView(step);
        destination[0] = words.First;
        second[0] = words.Second;
        third[0] = words.Third;
        last[0] = words.Fourth;
    }

    public static Four<TDestination> Apply<TSource, TDestination, TOp>(Four<TSource> words)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        TOp op = default;
        Four<TDestination> result;
        result.First = op.Apply(words.First);
        result.Second = op.Apply(words.Second);
        result.Third = op.Apply(words.Third);
        result.Fourth = op.Apply(words.Fourth);
        return result;
    }

    /// <summary>The same words, the other way round.</summary>
    public static Four<T> Turn<T>(Four<T> words)
        where T : unmanaged
    {
        Four<T> result;
        result.First = words.Fourth;
        result.Second = words.Third;
        result.Third = words.Second;
        result.Fourth = words.First;
        return result;
    }
}
