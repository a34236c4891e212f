using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Random copies: ranks 0 to 12, both sides permuted, sliced, flipped and padded, the source broadcast, addresses off by a few bytes.</summary>
internal static class RandomCases
{
    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 3, 6, 12, 24, 5, 10];

    private static readonly ElementType[] Types =
    [
        ElementType.Boolean, ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16, ElementType.Int32, ElementType.UInt32,
        ElementType.Int64, ElementType.UInt64, ElementType.Float16, ElementType.BFloat16, ElementType.Float32, ElementType.Float64,
        ElementType.Complex32, ElementType.Complex64, ElementType.Complex128,
    ];

    public static CopyCase Create(int seed, int largest)
    {
        var random = new Random(seed);
        CopyOp op = Operation(random);
        long[] shape = Shape(random, largest);
        bool aligned = random.Next(3) > 0;
        TestArray source = Array(random, op.SourceItemSize, shape, true);
        TestArray destination = Array(random, op.DestinationItemSize, shape, false);
        return new CopyCase(op, source, destination, aligned ? 0 : random.Next(16), aligned ? 0 : random.Next(16));
    }

    public static CopyOp RandomCast(Random random)
    {
        ElementType from = Types[random.Next(Types.Length)];
        ElementType to = Types[random.Next(Types.Length)];
        return CopyOp.Cast(from, to, random.Next(4) == 0, random.Next(4) == 0);
    }

    private static CopyOp Operation(Random random)
    {
        int kind = random.Next(6);
        if (kind == 0)
            return RandomCast(random);
        if (kind == 1)
        {
            int unit = 2 << random.Next(3);
            return CopyOp.ByteSwap(unit * random.Next(1, 3), unit);
        }
        return CopyOp.Copy(Sizes[random.Next(Sizes.Length)]);
    }

    private static long[] Shape(Random random, int largest)
    {
        int rank = random.Next(13);
        long[] shape = new long[rank];
        long items = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            long room = Math.Max(1, largest / items);
            shape[axis] = random.Next(40) == 0 ? 0 : random.Next(1, (int)Math.Min(room, random.Next(4) == 0 ? 700 : rank > 5 ? 4 : 40) + 1);
            items *= Math.Max(1, shape[axis]);
        }
        random.Shuffle(shape);
        return shape;
    }

    /// <summary>A larger dense array in a random axis order, from which the wanted shape is cut.</summary>
    private static TestArray Array(Random random, int itemSize, long[] shape, bool mayRepeat)
    {
        int rank = shape.Length;
        int[] order = [.. Enumerable.Range(0, rank)];
        if (random.Next(3) > 0)
            random.Shuffle(order);
        long[] steps = new long[rank];
        bool[] repeats = new bool[rank];
        long[] memory = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            int axis = order[i];
            steps[axis] = random.Next(5) switch { 0 => -1, 1 => random.Next(2, 4), 2 => -2, _ => 1 };
            repeats[axis] = mayRepeat && random.Next(8) == 0;
            memory[i] = repeats[axis] ? 1 : ((shape[axis] - 1) * Math.Abs(steps[axis])) + 1 + (random.Next(3) == 0 ? 1 : 0);
            memory[i] = Math.Max(1, memory[i]);
        }
        int[] back = new int[rank];
        for (int i = 0; i < rank; i++)
            back[order[i]] = i;
        TestArray array = TestArray.Padded(itemSize, random.Next(3) == 0 ? itemSize : 0, memory).Transpose(back);
        for (int axis = 0; axis < rank; axis++)
        {
            if (repeats[axis])
                array = array.Broadcast(axis, shape[axis]);
            else
                array = array.Slice(axis, steps[axis] < 0 ? Math.Max(0, (shape[axis] - 1) * -steps[axis]) : 0, steps[axis], shape[axis]);
        }
        return array;
    }
}
