using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Eight accesses to four rows: in each row, one word at the thread's place and one 32 places further.</summary>
internal static class FourRowPairs
{
    /// <summary>A word of each of the four rows.</summary>
    public struct Words<T>
        where T : unmanaged
    {
        public T First;
        public T Second;
        public T Third;
        public T Fourth;
    }

    public static void Load<T, TOrder>(ArrayView<T> source, long at, long step, out Words<T> near, out Words<T> far)
        where T : unmanaged
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        long up = falls ? -step : step;
        ArrayView<T> s0 = source.SubView(falls ? at + (3 * step) : at);
        ArrayView<T> s1 = s0.SubView(up);
        ArrayView<T> s2 = s1.SubView(up);
        ArrayView<T> s3 = s2.SubView(up);
        T n0 = s0[0];
        T f0 = s0[32];
        T n1 = s1[0];
        T f1 = s1[32];
        T n2 = s2[0];
        T f2 = s2[32];
        T n3 = s3[0];
        T f3 = s3[32];
        near.First = falls ? n3 : n0;
        near.Second = falls ? n2 : n1;
        near.Third = falls ? n1 : n2;
        near.Fourth = falls ? n0 : n3;
        far.First = falls ? f3 : f0;
        far.Second = falls ? f2 : f1;
        far.Third = falls ? f1 : f2;
        far.Fourth = falls ? f0 : f3;
    }

    public static void Store<T>(ArrayView<T> destination, long at, long step, Words<T> near, Words<T> far)
        where T : unmanaged
    {
        ArrayView<T> d0 = destination.SubView(at);
        ArrayView<T> d1 = d0.SubView(step);
        ArrayView<T> d2 = d1.SubView(step);
        ArrayView<T> d3 = d2.SubView(step);
        d0[0] = near.First;
        d0[32] = far.First;
        d1[0] = near.Second;
        d1[32] = far.Second;
        d2[0] = near.Third;
        d2[32] = far.Third;
        d3[0] = near.Fourth;
        d3[32] = far.Fourth;
    }
}
