using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Two words of 8 bytes.</summary>
internal readonly struct Packer8 : IPacker<ulong>
{
    public int CountLog2 => 1;

    public int Vectors => 4;

    public int Margin => 0;

    public V16 Gather<TOrder>(ArrayView<ulong> source, long at, uint step)
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        ArrayView<ulong> s0 = source.SubView(at);
        ulong near = s0[0];
        ulong far = s0.SubView(step)[0];
        ulong low = falls ? far : near;
        ulong high = falls ? near : far;
        V16 word;
        word.X = (uint)low;
        word.Y = (uint)(low >> 32);
        word.Z = (uint)high;
        word.W = (uint)(high >> 32);
        return word;
    }

    public void Scatter(V16 word, ArrayView<ulong> destination, uint step)
    {
        destination[0] = Join(word.X, word.Y);
        destination.SubView(step)[0] = Join(word.Z, word.W);
    }

    public V16 Splat(ulong word)
    {
        V16 result;
        result.X = result.Z = (uint)word;
        result.Y = result.W = (uint)(word >> 32);
        return result;
    }

    public ulong First(V16 word) => Join(word.X, word.Y);

    private static ulong Join(uint low, uint high) => ((ulong)high << 32) | low;
}
