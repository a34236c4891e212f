using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Four accesses to rows <c>0, a, b, a + b</c> of a strided block, each address one addition away from another.</summary>
internal static class FourRows
{
    /// <summary>Loads all four before anything else happens; falling rows are walked from the lowest, because views only narrow upwards.</summary>
    public static void Load<T, TOrder>(ArrayView<T> source, long at, long a, long b, out T first, out T second, out T third, out T fourth)
        where T : unmanaged
        where TOrder : unmanaged, IWordOrder
    {
        if (default(TOrder).Falls)
        {
            ArrayView<T> s3 = source.SubView(at + a + b);
            ArrayView<T> s2 = s3.SubView(-a);
            ArrayView<T> s1 = s3.SubView(-b);
            ArrayView<T> s0 = s1.SubView(-a);
            first = s0[0];
            second = s1[0];
            third = s2[0];
            fourth = s3[0];
        }
        else
        {
            ArrayView<T> s0 = source.SubView(at);
            ArrayView<T> s1 = s0.SubView(a);
            ArrayView<T> s2 = s0.SubView(b);
            ArrayView<T> s3 = s2.SubView(a);
            first = s0[0];
            second = s1[0];
            third = s2[0];
            fourth = s3[0];
        }
    }

    /// <summary>Stores four words to rows 0, 1, 2 and 3 times <paramref name="step"/>.</summary>
    public static void Store<T>(ArrayView<T> destination, long at, long step, T first, T second, T third, T fourth)
        where T : unmanaged
    {
        ArrayView<T> d0 = destination.SubView(at);
        ArrayView<T> d1 = d0.SubView(step);
        ArrayView<T> d2 = d1.SubView(step);
        ArrayView<T> d3 = d2.SubView(step);
        d0[0] = first;
        d1[0] = second;
        d2[0] = third;
        d3[0] = fourth;
    }
}
