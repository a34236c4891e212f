using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Algorithms.ScanReduceOperations;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>Kernels of the tests.</summary>
public static class Kernels
{
    public struct Word16
    {
        public uint X, Y, Z, W;
    }

    public struct Mixed
    {
        public byte A;
        public int B;
        public double C;
    }

    public static void AddOne(Index1D index, ArrayView<float> view) => view[index] += 1;

    public static void Copy16(Index1D index, ArrayView<Word16> source, ArrayView<Word16> target) => target[index] = source[index];

    public static void HalfSum(Index1D index, ArrayView<ILGPU.Half> a, ArrayView<ILGPU.Half> b) => b[index] = a[index] + b[index];

    public static void Switch(Index1D index, ArrayView<int> view)
    {
        switch (view[index])
        {
            case 0:
                view[index] = 50;
                break;
            case 1:
                view[index] = 71;
                break;
            case 2:
                view[index] = 92;
                break;
            case 3:
                view[index] = 83;
                break;
            case 4:
                view[index] = 774;
                break;
            default:
                view[index] = -1;
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long Polynomial(int x, Mixed mixed)
    {
        for (int i = 0; i < x; i++)
            mixed.B += i * x;
        return mixed.B + mixed.A + (long)mixed.C;
    }

    public static void Calls(Index1D index, ArrayView<Mixed> input, ArrayView<long> output) =>
        output[index] = Polynomial(index, input[index]) - Polynomial(index % 3, input[index]);

    public static void LocalMemorySum(Index1D index, ArrayView<int> input, ArrayView<int> output)
    {
        ArrayView<int> local = LocalMemory.Allocate<int>(16);
        for (int i = 0; i < 16; i++)
            local[i] = input[i] * index;
        int sum = 0;
        for (int i = 15; i >= 0; i--)
            sum = (sum * 3) + local[i];
        output[index] = sum;
    }

    public static void ReverseInBlock(ArrayView<int> view)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(64);
        shared[Group.IdxX] = view[Grid.GlobalLinearIndex];
        Group.Barrier();
        view[Grid.GlobalLinearIndex] = shared[63 - Group.IdxX];
    }

    public static void BlockVotes(ArrayView<int> view)
    {
        int value = view[Grid.GlobalLinearIndex];
        int count = Group.BarrierPopCount(value > 3);
        bool all = Group.BarrierAnd(value > 3);
        bool any = Group.BarrierOr(value > 63);
        view[Grid.GlobalLinearIndex] = (count * 4) + (all ? 2 : 0) + (any ? 1 : 0);
    }

    public static void Shuffles(ArrayView<int> input, ArrayView<int> output, ArrayView<double> wide)
    {
        int index = Grid.GlobalLinearIndex;
        int value = input[index];
        output[index] = Warp.ShuffleDown(value, 3) + (1000 * Warp.ShuffleXor(value, 5)) + (1000000 * Warp.Shuffle(value, 7)) + (100 * Warp.ShuffleUp(value, 4));
        wide[index] = Warp.ShuffleDown(wide[index], 2);
    }

    // Half of the lanes take another path before all of them shuffle.
    public static void DivergeThenShuffle(ArrayView<int> view)
    {
        int value = view[Grid.GlobalLinearIndex];
        if (Warp.LaneIdx % 2 == 0)
        {
            for (int i = 0; i < Warp.LaneIdx; i++)
                value += i;
        }

        view[Grid.GlobalLinearIndex] = Warp.ShuffleXor(value, 1);
    }

    public static void ReduceBlocks(ArrayView<float> input, ArrayView<float> output)
    {
        float sum = GroupExtensions.Reduce<float, AddFloat>(input[Grid.GlobalLinearIndex]);
        if (Group.IdxX == 0)
            Atomic.Add(ref output[0], sum);
    }

    public static void ScanBlock(ArrayView<int> input, ArrayView<int> output) =>
        output[Grid.GlobalLinearIndex] = GroupExtensions.InclusiveScan<int, AddInt32>(input[Grid.GlobalLinearIndex]);

    public static void Atomics(Index1D index, ArrayView<int> view, ArrayView<double> wide)
    {
        Atomic.Add(ref wide[0], wide[index + 1]);
        Atomic.Max(ref view[0], index);
        int place = Atomic.Add(ref view[1], 1);
        view[place + 4] = index;
        Atomic.CompareExchange(ref view[2], 0, 7);
        Atomic.Or(ref view[3], 1 << (index % 8));
    }

    public static void Math32(Index1D index, ArrayView<float> view)
    {
        float x = view[index];
        view[index] = XMath.Sin(x) + XMath.Exp(x) + XMath.Log(x) + XMath.Sqrt(x) + XMath.Floor(x) + XMath.Abs(-x) + XMath.Min(x, 1) + (x % 0.75f) + (XMath.IsNaN(x) ? 1 : 0);
    }

    public static void Math64(Index1D index, ArrayView<double> view)
    {
        double x = view[index];
        view[index] = XMath.Sqrt(x) + XMath.Floor(x) + (float)x + (int)x + (ulong)x + (x / 3) + XMath.Max(x, 2);
    }

    public static void Integers(Index1D index, ArrayView<int> words, ArrayView<long> longs, ArrayView<byte> bytes, ArrayView<short> shorts, ArrayView<sbyte> signed)
    {
        int x = words[index];
        words[index] = (x / 7) + (x % 5) + (x << 3) + (x >> 2) + (int)((uint)x >> 3) + IntrinsicMath.BitOperations.PopCount(x) + ~x + (x ^ 33) + (x & 9) + (int)Math.Min(x, 4) + Math.Abs(x);
        longs[index] = (longs[index] / (index + 1)) + (longs[index] % 3) + ((longs[index] >> 1) * x);
        bytes[index] = (byte)(bytes[index] + 200);
        shorts[index] = (short)(shorts[index] * 30000);
        signed[index] = (sbyte)(signed[index] / 3);
    }

    public static void Comparisons(Index1D index, ArrayView<float> view, ArrayView<byte> output)
    {
        float x = view[index];
        bool ordered = x >= 3f || float.IsNaN(x);
        output[index] = (byte)((x < 2f ? 1 : 0) + (!(x <= 2f) ? 2 : 0) + (ordered ? 4 : 0) + (float.IsNaN(x) ? 0 : 8) + (x != 1f ? 16 : 0));
    }

    public static void WriteAt(Index1D index, ArrayView<int> view, long place) => view[place] = index;

    public static void NegateStrided(Index1D index, StridedView<int, Rank2> view) => view[index] = -view[index];

    public static void SpinForever(Index1D index, ArrayView<int> view)
    {
        while (view[0] == 0)
            view[1] = index;
    }
}
