using TensorBridge.Copying;
using TensorBridge.Copying.Host;

namespace TensorBridge.Tests.Copying.Host;

/// <summary>Every kernel family on every instruction set, streaming and not, against a naive loop.</summary>
public class HostEngineTests
{
    private static readonly int[] Items = [1, 2, 4, 8, 16];

    private static IEnumerable<InstructionSet> Sets => Enum.GetValues<InstructionSet>().Where(HostKernels.IsSupported);

    public static TheoryData<int, int> SetsAndItems
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (InstructionSet set in Sets)
            {
                foreach (int item in Items)
                    data.Add((int)set, item);
            }
            return data;
        }
    }

    private static void Check(int set, CopyCase copy)
    {
        copy.Check((InstructionSet)set, stream: false);
        copy.Check((InstructionSet)set, stream: true);
    }

    private static int[] Shifts(int item) => item == 1 ? [0, 1, 17, 63] : [0, item, 1, 32];

    [Theory]
    [MemberData(nameof(SetsAndItems))]
    public void Runs(int set, int item)
    {
        foreach (long count in (long[])[1, 2, 3, 5, 7, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 129, 255, 257, 1000, 5000])
        {
            foreach (int shift in Shifts(item))
            {
                Check(set, new CopyCase(CopyOp.Copy(item), [count], [item], [item], 3, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [count], [-item], [item], 3, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [count], [0], [item], 3, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [count], [item], [-item], 3, shift));
                if (item is > 1 and < 16)
                {
                    Check(set, new CopyCase(CopyOp.ByteSwap(item, item), [count], [item], [item], 3, shift));
                    Check(set, new CopyCase(CopyOp.ByteSwap(item, item), [count], [-item], [item], 3, shift));
                    Check(set, new CopyCase(CopyOp.ByteSwap(item, item), [count], [0], [item], 3, shift));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(SetsAndItems))]
    public void Rows(int set, int item)
    {
        foreach (long count in (long[])[1, 2, 3, 4, 5, 9, 17, 40, 65, 256, 300])
        {
            foreach (int shift in Shifts(item))
            {
                Check(set, new CopyCase(CopyOp.Copy(item), [7, count], [(count + 3) * item, item], [(count + 1) * item, item], 1, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [7, count], [0, item], [count * item, item], 1, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [7, count], [item, 0], [count * item, item], 1, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [7, count], [-count * item, item], [count * item, item], 1, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [5, 7, count], [count * item, 5 * count * item, item], [7 * count * item, count * item, item], 1, shift));
            }
        }
    }

    [Theory]
    [MemberData(nameof(SetsAndItems))]
    public void Strided(int set, int item)
    {
        foreach (long count in (long[])[1, 2, 5, 16, 17, 33, 64, 65, 130, 1000, 5000])
        {
            foreach (int step in (int[])[2, 3, 4, 5, 7, 16, -2, -3])
            {
                foreach (int shift in Shifts(item))
                {
                    Check(set, new CopyCase(CopyOp.Copy(item), [count], [step * item], [item], 0, shift));
                    Check(set, new CopyCase(CopyOp.Copy(item), [count], [item], [step * item], 0, shift));
                    Check(set, new CopyCase(CopyOp.Copy(item), [count], [step * item], [3 * item], 0, shift));
                }
                if (item is > 1 and < 16)
                {
                    Check(set, new CopyCase(CopyOp.ByteSwap(item, item), [count], [step * item], [item], 0, 0));
                    Check(set, new CopyCase(CopyOp.ByteSwap(item, item), [count], [item], [step * item], 0, 0));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(SetsAndItems))]
    public void Transposes(int set, int item)
    {
        foreach ((long rows, long columns) in ((long, long)[])[(2, 3), (3, 70), (16, 16), (17, 33), (64, 64), (70, 3), (65, 130), (130, 65), (31, 515), (515, 31), (200, 301), (64, 256), (1100, 300)])
        {
            foreach (int shift in Shifts(item))
            {
                Check(set, new CopyCase(CopyOp.Copy(item), [rows, columns], [item, rows * item], [columns * item, item], 0, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [rows, columns], [item, (rows + 5) * item], [(columns + 3) * item, item], 5, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [rows, columns], [item, rows * item], [((columns * item) + 63) / 64 * 64, item], 0, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [rows, columns], [-item, rows * item], [columns * item, item], 0, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [rows, columns], [item, -rows * item], [columns * item, item], 0, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [rows, columns], [item, rows * item], [columns * item * 2, 2 * item], 0, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [rows, columns], [2 * item, rows * item * 2], [columns * item, item], 0, shift));
                Check(set, new CopyCase(CopyOp.Copy(item), [rows, columns], [item, 0], [columns * item, item], 0, shift));
                if (item is > 1 and < 16)
                    Check(set, new CopyCase(CopyOp.ByteSwap(item, item), [rows, columns], [item, rows * item], [columns * item, item], 0, shift));
            }
        }
    }

    [Theory]
    [MemberData(nameof(SetsAndItems))]
    public void Channels(int set, int item)
    {
        foreach (long pixels in (long[])[1, 4, 16, 63, 64, 65, 200, 5000])
        {
            foreach (long channels in (long[])[2, 3, 4, 5, 7, 13])
            {
                foreach (int shift in Shifts(item))
                {
                    Check(set, new CopyCase(CopyOp.Copy(item), [channels, pixels], [item, channels * item], [pixels * item, item], 1, shift));
                    Check(set, new CopyCase(CopyOp.Copy(item), [pixels, channels], [item, pixels * item], [channels * item, item], 1, shift));
                    Check(set, new CopyCase(CopyOp.Copy(item), [2, pixels, channels], [channels * pixels * item, item, pixels * item], [channels * pixels * item, channels * item, item], 1, shift));
                    Check(set, new CopyCase(CopyOp.Copy(item), [pixels, channels], [item, 0], [channels * item, item], 1, shift));
                    Check(set, new CopyCase(CopyOp.Copy(item), [pixels, channels], [item, (pixels + 2) * item], [(channels + 1) * item, item], 1, shift));
                }
            }
        }
    }

    public static TheoryData<int, int> SetsAndSeeds
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (InstructionSet set in Sets)
            {
                for (int seed = 0; seed < 8; seed++)
                    data.Add((int)set, seed);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(SetsAndSeeds))]
    public void RandomLayouts(int set, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 150; i++)
        {
            CopyCase copy = RandomCase(random);
            copy.Check((InstructionSet)set, stream: random.Next(2) == 0, degree: random.Next(4) == 0 ? 3 : 1);
            copy.Check((InstructionSet)set, stream: false, frontDoor: true);
        }
    }

    private static CopyCase RandomCase(Random random)
    {
        int item = random.Next(8) == 0 ? random.Next(1, 40) : Items[random.Next(Items.Length)];
        int rank = random.Next(1, 7);
        long[] shape = new long[rank];
        long budget = 60_000 / item;
        for (int i = 0; i < rank; i++)
        {
            shape[i] = random.Next(1, (int)Math.Clamp(budget, 2, random.Next(3) == 0 ? 400 : 24));
            budget = Math.Max(1, budget / shape[i]);
        }
        int unit = item % 8 == 0 ? 8 : item % 4 == 0 ? 4 : item % 2 == 0 ? 2 : 0;
        CopyOp op = unit != 0 && random.Next(5) == 0 ? CopyOp.ByteSwap(item, unit) : CopyOp.Copy(item);
        int[] order = [.. Enumerable.Range(0, rank)];
        random.Shuffle(order);
        bool gaps = random.Next(3) == 0;
        long Gap(int axis) => gaps && random.Next(3) == 0 ? random.Next(1, 9) * (random.Next(4) == 0 ? 1 : item) : 0;
        bool signs = random.Next(3) == 0;
        long[] source = CopyCase.Layout(shape, order, item, Gap, _ => signs && random.Next(3) == 0);
        if (random.Next(4) == 0)
            source[random.Next(rank)] = 0;
        if (random.Next(2) == 0)
            random.Shuffle(order);
        long[] destination = CopyCase.Layout(shape, order, item, Gap, _ => signs && random.Next(3) == 0);
        return new CopyCase(op, shape, source, destination, random.Next(64), random.Next(64));
    }
}
