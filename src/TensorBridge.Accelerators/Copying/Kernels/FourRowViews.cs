using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Four rows at equal distances, of which a thread touches several columns: the columns of a row share its address.</summary>
/// <remarks>The distance is below 2^32 words and not negative, which makes an address one instruction; falling rows are walked from the lowest.</remarks>
internal struct FourRowViews<T>
    where T : unmanaged
{
    public ArrayView<T> First;
    public ArrayView<T> Second;
    public ArrayView<T> Third;
    public ArrayView<T> Fourth;

    /// <summary>The rows at 0, 1, 2 and 3 times <paramref name="step"/>.</summary>
    public static FourRowViews<T> From(ArrayView<T> lowest, uint step)
    {
        FourRowViews<T> rows;
        rows.First = lowest;
        rows.Second = rows.First.SubView(step);
        rows.Third = rows.Second.SubView(step);
        rows.Fourth = rows.Third.SubView(step);
        return rows;
    }

    /// <summary>A word of each row; of falling rows the highest comes first.</summary>
    public readonly Four<T> Load<TOrder>(int column)
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        T first = First[column];
        T second = Second[column];
        T third = Third[column];
        T fourth = Fourth[column];
        Four<T> words;
        words.First = falls ? fourth : first;
        words.Second = falls ? third : second;
        words.Third = falls ? second : third;
        words.Fourth = falls ? first : fourth;
        return words;
    }

    public readonly void Store(int column, Four<T> words)
    {
        First[column] = words.First;
        Second[column] = words.Second;
        Third[column] = words.Third;
        Fourth[column] = words.Fourth;
    }
}
