using CsCheck;

namespace TensorBridge.Tests;

public class ViewTests
{
    private static readonly Gen<long?> Bound = Gen.OneOf(Gen.Const((long?)null), Gen.Long[-7, 7].Select(v => (long?)v), Gen.Bool.Select(b => (long?)(b ? long.MinValue : long.MaxValue)));

    private static readonly Gen<long> Step = Gen.OneOf(Gen.Long[1, 3], Gen.Long[-3, -1], Gen.Bool.Select(b => b ? long.MinValue : long.MaxValue));

    private static readonly Gen<TensorIndex> Part = Gen.Frequency(
        (3, Gen.Select(Bound, Bound, Step).Select((a, b, s) => TensorIndex.Slice(a, b, s))),
        (2, Gen.Long[-5, 5].Select(TensorIndex.At)),
        (1, Gen.Const(TensorIndex.NewAxis)),
        (1, Gen.Const(TensorIndex.Ellipsis)));

    private static readonly Gen<Layout> Layouts =
        from rank in Gen.Int[0, 4]
        from shape in Gen.Long[0, 5].Array[rank]
        from strides in Gen.Long[-40, 40].Array[rank]
        select new Layout(shape, strides, 4);

    [Fact]
    public void SlicingAgreesWithPythonsRules() => Gen.Select(Layouts, Part.Array[0, 5]).Sample(
        (layout, index) =>
        {
            using var handle = new TensorHandle(new TensorDescriptor(100_000, DType.Float32, layout, Device.Cpu));
            (List<long> Offsets, List<long> Shape)? expected = Model(layout, index);
            if (expected is null)
            {
                Assert.ThrowsAny<Exception>(() => handle[index]);
                return;
            }

            using TensorHandle view = handle[index];
            Assert.Equal(expected.Value.Shape, view.Shape.ToArray());
            Assert.Equal(expected.Value.Offsets, Offsets(view.Layout).Select(o => (long)view.Data - 100_000 + o));
        },
        iter: 30_000);

    [Fact]
    public void ReshapeKeepsTheOrderOrRefuses() => Gen.Select(Layouts, Gen.Shuffle(new[] { 0, 1, 2, 3 }), Gen.Int[0, 5]).Sample(
        (layout, axes, choice) =>
        {
            Layout source = layout.Transpose([.. axes.Where(a => a < layout.Rank)]);
            long n = source.ElementCount;
            long[][] shapes = [[n], [1, n, 1], [-1], n % 2 == 0 ? [2, n / 2] : [n], n % 3 == 0 ? [n / 3, 1, 3] : [n], [.. source.Shape, 1]];
            Layout reshaped;
            try
            {
                reshaped = source.Reshape(shapes[choice]);
            }
            catch (TensorLayoutException)
            {
                Assert.False(source.IsCContiguous);
                return;
            }

            Assert.Equal(Offsets(source), Offsets(reshaped));
        },
        iter: 30_000);

    [Fact]
    public void DenseLayoutsReshapeToAnything()
    {
        var dense = Layout.Contiguous([4, 6], 8);
        Assert.Equal(new long[] { 64, 32, 8 }, dense.Reshape(3, 2, 4).ByteStrides.ToArray());
        Assert.Equal(new long[] { 3, 8 }, dense.Reshape(-1, 8).Shape.ToArray());
        Assert.Throws<TensorLayoutException>(() => dense.Reshape(5, 5));
        Assert.Throws<TensorLayoutException>(() => dense.Reshape(-1, 7));
        Assert.Throws<TensorLayoutException>(() => dense.Transpose().Reshape(24));
        Assert.Throws<TensorLayoutException>(() => dense.Reshape(-1, -1));
        Assert.Equal(new long[] { 0, 5 }, Layout.Contiguous([5, 0], 8).Reshape(0, 5).Shape.ToArray());
    }

    [Fact]
    public void BroadcastsAndTransposes()
    {
        var layout = new Layout([3, 1], [8, 99], 8);
        Assert.Equal(new long[] { 0, 8, 0 }, layout.BroadcastTo(2, 3, 4).ByteStrides.ToArray());
        Assert.Throws<TensorLayoutException>(() => layout.BroadcastTo(4, 4));
        Assert.Throws<TensorLayoutException>(() => layout.BroadcastTo(3));
        Assert.Equal(new long[] { 1, 3 }, layout.Transpose().Shape.ToArray());
        Assert.Equal(new long[] { 1, 3 }, layout.Transpose(-1, 0).Shape.ToArray());
        Assert.Throws<TensorLayoutException>(() => layout.Transpose(0, 0));
        Assert.Throws<TensorLayoutException>(() => layout.Transpose(0));
        Assert.Throws<TensorLayoutException>(() => layout.Transpose(0, 2));
        Assert.Equal(1, layout.Squeeze().Rank);
        Assert.Equal(1, layout.Squeeze(-1).Rank);
        Assert.Throws<TensorLayoutException>(() => layout.Squeeze(0));
        using var handle = new TensorHandle(new TensorDescriptor(64, DType.Float64, layout, Device.Cpu));
        Assert.True(handle.BroadcastTo(3, 3).IsReadOnly);
        Assert.False(handle.T.IsReadOnly);
    }

    [Fact]
    public void FieldsAreStridedViews()
    {
        DType type = DTypeTests.Describe("[('x', '<f4'), ('inner', [('y', '>i2', (2, 3)), ('z', '|u1')]), ('w', '|u1')]", 18);
        using var handle = new TensorHandle(new TensorDescriptor(1000, type, Layout.Contiguous([5], 18), Device.Cpu));
        Assert.Equal("tensor[float32, (5,), cpu, strides (18,)]", handle["x"].ToString());
        Assert.Equal("tensor[>i2, (5, 2, 3), cpu, strides (18, 6, 2)]", handle["inner"]["y"].ToString());
        Assert.Equal((nuint)1004, handle["inner"]["y"].Data);
        Assert.Equal("tensor[uint8, (), cpu]", handle[1, "inner", "z"].ToString());
        Assert.Equal((nuint)(1000 + 18 + 16), handle[1, "inner", "z"].Data);
        Assert.Contains("'x', 'inner', 'w'", Assert.Throws<TensorLayoutException>(() => handle["nope"]).Message, StringComparison.Ordinal);
        Assert.Throws<TensorLayoutException>(() => handle["x"]["y"]);
    }

    [Fact]
    public void IndicesAreReadAsPythonWritesThem()
    {
        Assert.Equal("1, ::-1, ..., None, 'a,b', 2:, :-3:2", string.Join(", ", TensorIndex.ParseAll("1, ::-1, ..., None, \"a,b\", 2:, :-3:2")));
        Assert.Empty(TensorIndex.ParseAll("  "));
        foreach (string bad in (string[])["a", "1:2:3:4", "1..2", "::0", "1,,2", "''", "'a", "9223372036854775808"])
            Assert.ThrowsAny<TensorFormatException>(() => TensorIndex.ParseAll(bad));
        using var handle = new TensorHandle(new TensorDescriptor(1000, DType.Float32, Layout.Contiguous([5, 6], 4), Device.Cpu));
        Assert.Equal("tensor[float32, (2, 6), cpu, strides (-48, 4)]", handle[TensorIndex.Slice(3, 0, -2)].ToString());
        Assert.Equal("tensor[float32, (5, 2), cpu, strides (24, 4)]", handle[.., 2..^2].ToString());
        Assert.Equal((nuint)(1000 + (4 * 24) + (5 * 4)), handle[^1, -1].Data);
        Assert.Throws<IndexOutOfRangeException>(() => handle[5]);
        Assert.Throws<IndexOutOfRangeException>(() => handle[0, 0, 0]);
        Assert.Throws<TensorLayoutException>(() => handle[TensorIndex.Ellipsis, TensorIndex.Ellipsis]);
    }

    [Fact]
    public void ReinterpretFollowsTheBytes()
    {
        using var handle = new TensorHandle(new TensorDescriptor(1000, DType.Opaque(2), new Layout([3, 4], [100, 2], 2), Device.Cpu));
        Assert.Equal("tensor[bfloat16, (3, 4), cpu, strides (100, 2)]", handle.Reinterpret(DType.BFloat16).ToString());
        Assert.Equal("tensor[float64, (3, 1), cpu, strides (100, 8)]", handle.Reinterpret(DType.Float64).ToString());
        Assert.Equal("tensor[uint8, (3, 8), cpu, strides (100, 1)]", handle.Reinterpret(DType.UInt8).ToString());
        Assert.Throws<TensorLayoutException>(() => handle.Reinterpret(DType.Complex128));
        Assert.Throws<TensorLayoutException>(() => handle.T.Reinterpret(DType.UInt8));
        Assert.Throws<TensorLayoutException>(() => handle[0, 0].Reinterpret(DType.UInt8));
        Assert.Throws<TensorLayoutException>(() => handle.Reinterpret(DType.SmallFloat(ElementKind.Float4E2M1FN)));
    }

    [Fact]
    public void ViewsShareTheOwner()
    {
        int released = 0;
        var handle = new TensorHandle(new TensorDescriptor(1000, DType.Float32, Layout.Contiguous([5, 6], 4), Device.Cpu), release: () => released++);
        TensorHandle[] views = [handle[1], handle.T, handle.Reshape(30), handle.Squeeze(), handle.BroadcastTo(2, 5, 6), handle.Reinterpret(DType.Int32)];
        handle.Dispose();
        foreach (TensorHandle view in views)
        {
            Assert.Equal(0, released);
            view.Dispose();
        }

        Assert.Equal(1, released);
        Assert.Throws<ObjectDisposedException>(() => handle.T);
    }

    [Fact]
    public void PackedElementsCannotBeSliced()
    {
        DType type = DType.SmallFloat(ElementKind.Float4E2M1FN);
        using var handle = new TensorHandle(new TensorDescriptor(1000, type, Layout.Contiguous([4, 4], 1), Device.Cpu));
        Assert.Throws<TensorLayoutException>(() => handle[1]);
        Assert.Throws<TensorUnsupportedException>(() => handle.T);
        Assert.Equal(16, handle.Reshape(16).Shape[0]);
    }

    // Offsets of all elements in C order of their indices.
    private static IEnumerable<long> Offsets(Layout layout)
    {
        IEnumerable<long> offsets = [0];
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            long stride = layout.ByteStrides[axis];
            int length = (int)layout.Shape[axis];
            offsets = [.. offsets.SelectMany(o => Enumerable.Range(0, length).Select(i => o + (i * stride)))];
        }

        return offsets;
    }

    // An independent model: index lists per axis, written from Python's documentation of slices. Null where an error is due.
    private static (List<long> Offsets, List<long> Shape)? Model(Layout layout, TensorIndex[] index)
    {
        int used = index.Count(p => p.Kind is TensorIndexKind.Integer or TensorIndexKind.Slice);
        if (used > layout.Rank || index.Count(p => p.Kind == TensorIndexKind.Ellipsis) > 1)
            return null;
        var parts = index.Any(p => p.Kind == TensorIndexKind.Ellipsis) ? index.ToList() : [.. index, TensorIndex.Ellipsis];
        int at = parts.FindIndex(p => p.Kind == TensorIndexKind.Ellipsis);
        parts.RemoveAt(at);
        parts.InsertRange(at, Enumerable.Repeat(TensorIndex.All, layout.Rank - used));
        List<long> offsets = [0];
        List<long> shape = [];
        int axis = 0;
        foreach (TensorIndex part in parts)
        {
            if (part.Kind == TensorIndexKind.NewAxis)
            {
                shape.Add(1);
                continue;
            }

            long n = layout.Shape[axis];
            var positions = new List<long>();
            if (part.Kind == TensorIndexKind.Integer)
            {
                long i = part.Start!.Value < 0 ? part.Start.Value + n : part.Start.Value;
                if (i < 0 || i >= n)
                    return null;
                positions.Add(i);
            }
            else
            {
                Int128 step = part.Step;
                for (Int128 i = step > 0 ? First(part.Start, 0, 0) : First(part.Start, n - 1, -1); step > 0 ? i < Last(part.Stop, n) : i > Last(part.Stop, -1); i += step)
                    positions.Add((long)i);
                shape.Add(positions.Count);

                Int128 First(long? bound, long open, long least) => bound is not { } b ? open : Int128.Clamp(b < 0 ? (Int128)b + n : b, least, step > 0 ? n : n - 1);
                Int128 Last(long? bound, long open) => bound is not { } b ? open : Int128.Clamp(b < 0 ? (Int128)b + n : b, -1, n);
            }

            long stride = layout.ByteStrides[axis];
            offsets = [.. offsets.SelectMany(o => positions.Select(i => o + (i * stride)))];
            axis++;
        }

        return (offsets, shape);
    }
}
