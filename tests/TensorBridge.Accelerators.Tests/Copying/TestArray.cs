namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>A strided array of known extent in a block of bytes: made dense, then sliced, flipped, transposed and broadcast as NumPy does it.</summary>
internal sealed record TestArray(long[] Shape, long[] Strides, long Start, long Length, int ItemSize)
{
    /// <summary>Dense in C order.</summary>
    public static TestArray Dense(int itemSize, params long[] shape) => Padded(itemSize, 0, shape);

    /// <summary>C order, with some bytes left over between neighbours of the last axis but one.</summary>
    public static TestArray Padded(int itemSize, long padding, params long[] shape)
    {
        long[] strides = new long[shape.Length];
        long stride = itemSize;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(1, shape[axis]);
            if (axis == shape.Length - 1)
                stride += padding;
        }
        return new TestArray(shape, strides, 0, Math.Max(stride, itemSize), itemSize);
    }

    public TestArray Transpose(params int[] axes) => this with
    {
        Shape = [.. axes.Select(axis => Shape[axis])],
        Strides = [.. axes.Select(axis => Strides[axis])],
    };

    /// <summary>Every <paramref name="step"/>-th item of an axis from <paramref name="first"/> on; a negative step walks backwards.</summary>
    public TestArray Slice(int axis, long first, long step, long count)
    {
        TestArray result = Copy();
        result.Shape[axis] = count;
        result.Strides[axis] = Strides[axis] * step;
        return result with { Start = Start + (first * Strides[axis]) };
    }

    public TestArray Flip(int axis) => Slice(axis, Math.Max(0, Shape[axis] - 1), -1, Shape[axis]);

    public TestArray Broadcast(int axis, long count)
    {
        TestArray result = Copy();
        result.Shape[axis] = count;
        result.Strides[axis] = 0;
        return result;
    }

    public override string ToString() => $"({string.Join(", ", Shape)}) strides ({string.Join(", ", Strides)}) from {Start} of {Length} bytes";

    private TestArray Copy() => this with { Shape = [.. Shape], Strides = [.. Strides] };
}
