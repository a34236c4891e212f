using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>What a bridge's copies must do, on any accelerator.</summary>
internal static class BridgeCopyBodies
{
    public static void TransposeCastAndFill(AcceleratorBridge bridge, Func<TensorHandle, byte[]> read)
    {
        using TensorHandle matrix = Numbers(bridge, 6, 10);
        using TensorHandle turned = Transposed(matrix);
        using TensorHandle dense = bridge.ToContiguous(turned);
        Assert.True(dense.Layout.IsCContiguous);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (float)((i % 6 * 10) + (i / 6))), Floats(read(dense)));

        using TensorHandle same = bridge.ToContiguous(matrix);
        Assert.Equal(matrix.Data, same.Data);
        Assert.Contains("copy: false", Assert.Throws<TensorLayoutException>(() => bridge.ToContiguous(turned, copy: false)).Message);

        using TensorHandle shorts = bridge.Cast(turned, DType.Parse(">i2"));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (short)((i % 6 * 10) + (i / 6))), read(shorts).Chunk(2).Select(b => (short)((b[0] << 8) | b[1])));
        Assert.Throws<TensorUnsupportedException>(() => bridge.Copy(turned, shorts));
        Assert.Throws<TensorUnsupportedException>(() => bridge.Cast(matrix, DType.Int32, CastingRule.Safe));

        bridge.Fill(turned, 2.5);
        Assert.All(Floats(read(matrix)), value => Assert.Equal(2.5f, value));
        using TensorHandle records = bridge.ToContiguous(matrix, copy: true);
        using TensorHandle triples = records.View(new TensorDescriptor(records.Data, DType.Opaque(3), new Layout([5, 7], [35, 5], 3), records.Device));
        bridge.Fill(triples, [1, 2, 3]);
        byte[] bytes = read(records);
        Assert.All(Enumerable.Range(0, 35), i => Assert.Equal([1, 2, 3], bytes[(5 * i)..((5 * i) + 3)]));
        Assert.Throws<TensorFormatException>(() => bridge.Fill(triples, new byte[4]));
        using TensorHandle readOnly = matrix.AsReadOnly();
        Assert.Throws<TensorLayoutException>(() => bridge.Fill(readOnly, 0f));
    }

    public static void DenseScattersBack(AcceleratorBridge bridge, Func<TensorHandle, byte[]> read)
    {
        using TensorHandle matrix = Numbers(bridge, 8, 12);
        using TensorHandle turned = Transposed(matrix);
        var addOne = bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(HostBridgeTests.Kernels.AddOne);
        AcceleratorStream stream = bridge.Accelerator.DefaultStream;
        using (DenseTensor dense = bridge.Dense(turned, Access.ReadWrite))
        {
            Assert.True(dense.IsCopy);
            using (bridge.EnterContext())
                addOne(stream, 96, dense.View<float>());
        }
        Assert.Equal(Enumerable.Range(1, 96).Select(i => (float)i), Floats(read(matrix)));

        using (TensorHandle readOnly = turned.AsReadOnly())
            Assert.Throws<TensorLayoutException>(() => bridge.Dense(readOnly, Access.Write));
        using (DenseTensor dense = bridge.Dense(matrix, Access.ReadWrite))
            Assert.False(dense.IsCopy);
        using (DenseTensor dense = bridge.Dense(matrix))
            Assert.Throws<TensorLayoutException>(() => dense.View<float>());
        Assert.Equal(Enumerable.Range(1, 96).Select(i => (float)i), Floats(read(matrix)));
    }

    public static void Summaries(AcceleratorBridge bridge)
    {
        using TensorHandle matrix = Numbers(bridge, 40, 31);
        using TensorHandle turned = Transposed(matrix);
        Assert.Equal(new TensorStatistics(1240, 0, 0, 1239, 619.5), bridge.Statistics(matrix));
        Assert.Equal(bridge.Statistics(matrix), bridge.Statistics(turned));
        Assert.NotEqual(bridge.Fingerprint(matrix), bridge.Fingerprint(turned));
        using TensorHandle back = Transposed(turned);
        Assert.Equal(bridge.Fingerprint(matrix), bridge.Fingerprint(back));
        using TensorHandle dense = bridge.ToContiguous(turned);
        Assert.Equal(bridge.Fingerprint(turned), bridge.Fingerprint(dense));

        using TensorHandle row = matrix.View(new TensorDescriptor(matrix.Data + 4, DType.Float32, new Layout([5], [4], 4), matrix.Device));
        ulong before = bridge.Fingerprint(matrix);
        bridge.Fill(row, float.NaN);
        TensorStatistics changed = bridge.Statistics(matrix);
        Assert.Equal((1240L, 5L, 0.0, 1239.0), (changed.Count, changed.NaNCount, changed.Minimum, changed.Maximum));
        Assert.NotEqual(before, bridge.Fingerprint(matrix));
        bridge.Fill(matrix, float.NaN);
        Assert.Equal(new TensorStatistics(1240, 1240, double.NaN, double.NaN, double.NaN), bridge.Statistics(matrix));

        using TensorHandle longs = bridge.Cast(row, DType.UInt64);
        bridge.Fill(longs, ulong.MaxValue);
        Assert.Equal(18446744073709551615.0, bridge.Statistics(longs).Mean);
        using TensorHandle opaque = matrix.View(new TensorDescriptor(matrix.Data, DType.Opaque(4), new Layout([5], [4], 4), matrix.Device));
        Assert.Throws<TensorUnsupportedException>(() => bridge.Statistics(opaque));
    }

    public static void OverlapAndViews(AcceleratorBridge bridge, Func<TensorHandle, byte[]> read)
    {
        using TensorHandle memory = Numbers(bridge, 1, 50);
        using TensorHandle head = memory.View(new TensorDescriptor(memory.Data, DType.Float32, new Layout([40], [4], 4), memory.Device));
        using TensorHandle tail = memory.View(new TensorDescriptor(memory.Data + 40, DType.Float32, new Layout([40], [4], 4), memory.Device));
        bridge.Copy(head, tail);
        Assert.Equal(Enumerable.Range(0, 10).Concat(Enumerable.Range(0, 40)).Select(i => (float)i), Floats(read(memory)));

        using TensorHandle to = bridge.Allocate<float>(50);
        bridge.Copy(bridge.View<float>(memory), bridge.View<float>(to));
        Assert.Equal(read(memory), read(to));
        Assert.Throws<TensorLayoutException>(() => bridge.Copy(bridge.View<float>(memory), bridge.View<float>(to).SubView(0, 3)));

        using TensorHandle matrix = Numbers(bridge, 5, 10);
        using TensorHandle turned = Transposed(matrix);
        using TensorHandle target = bridge.Allocate<float>(10, 5);
        bridge.Copy(bridge.View2D<float>(turned), bridge.View2D<float>(target));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (float)((i % 5 * 10) + (i / 5))), Floats(read(target)));
    }

    /// <summary>Records whose fields swap, convert and change places, against the host's copy of the same bytes; bytes between fields stay.</summary>
    public static void RecordsGoFieldByField(AcceleratorBridge bridge, Func<TensorHandle, byte[]> read)
    {
        DType half = DType.Int16.WithByteOrder(ByteOrder.Big);
        DType single = DType.Float32.WithByteOrder(ByteOrder.Big);
        DType plain = DType.Record(8, [new RecordField("a", DType.Int16, 0), new RecordField("b", DType.Float32, 4)]);
        DType swapped = DType.Record(8, [new RecordField("a", half, 0), new RecordField("b", single, 4)]);
        DType wide = DType.Record(13, [new RecordField("x", DType.Int64, 4), new RecordField("y", DType.Int32, 0)]);
        DType matrix = DType.Record(9, [new RecordField("m", half, 1, [2, 2])]);
        DType loose = DType.Record(36, [new RecordField("m", DType.Float64, 4, [2, 2])]);
        DType nested = DType.Record(12, [new RecordField("r", swapped, 4)]);
        DType unnested = DType.Record(8, [new RecordField("r", plain, 0)]);
        foreach ((DType from, DType to) in new[] { (plain, swapped), (swapped, plain), (plain, wide), (matrix, loose), (nested, unnested) })
        {
            AcceleratorStream stream = bridge.Accelerator.DefaultStream;
            using TensorHandle records = bridge.AllocateUninitialized(from, Layout.Contiguous([5, 3], from.ItemSize), stream);
            using TensorHandle target = bridge.AllocateUninitialized(to, Layout.Contiguous([3, 5], to.ItemSize), stream);
            var source = new HostMemory(15 * from.ItemSize);
            var result = new HostMemory(15 * to.ItemSize);
            Span<byte> sourceBytes = source.As<byte>(15 * from.ItemSize);
            Span<byte> resultBytes = result.As<byte>(15 * to.ItemSize);
            byte[] item = new byte[from.ItemSize];
            for (int i = 0; i < 15; i++)
            {
                for (int at = 0; at < item.Length; at++)
                    item[at] = (byte)((i * 5) + at);
                using TensorHandle one = records.View(new TensorDescriptor(records.Data + (nuint)(i * item.Length), from, new Layout([], [], from.ItemSize), records.Device));
                bridge.Fill(one, item);
                item.CopyTo(sourceBytes.Slice(i * item.Length, item.Length));
            }
            byte[] gap = new byte[to.ItemSize];
            Array.Fill(gap, (byte)0xA5);
            bridge.Fill(target, gap);
            resultBytes.Fill(0xA5);
            using TensorHandle hostRecords = source.Tensor(from, [3, 5], [from.ItemSize, 3 * from.ItemSize]);
            using TensorHandle hostResult = result.Tensor(to, [3, 5], [5 * to.ItemSize, to.ItemSize]);
            TensorCopy.Copy(hostRecords, hostResult, CopyOptions.Default with { Casting = CastingRule.Unsafe });
            using TensorHandle turned = Transposed(records);
            bridge.Copy(turned, target, casting: CastingRule.Unsafe);
            Assert.Equal(resultBytes.ToArray(), read(target));
            Assert.NotEmpty(bridge.KernelsOf(turned, target));
        }
        using TensorHandle seconds = bridge.AllocateUninitialized(DType.Parse("<M8[s]"), Layout.Contiguous([4], 8), bridge.Accelerator.DefaultStream);
        Assert.Contains("units of time", Assert.Throws<TensorUnsupportedException>(() => bridge.Cast(seconds, DType.Parse("<M8[ms]"))).Message);
    }

    /// <summary>0, 1, 2, … as float32, made by the device from what the bridge can do.</summary>
    private static TensorHandle Numbers(AcceleratorBridge bridge, int rows, int columns)
    {
        TensorHandle result = bridge.Allocate<float>(rows, columns);
        var count = bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Count);
        using (bridge.EnterContext())
            count(bridge.Accelerator.DefaultStream, rows * columns, bridge.View<float>(result));
        return result;
    }

    internal static void Count(Index1D index, ArrayView<float> view) => view[index] = index.X;

    private static TensorHandle Transposed(TensorHandle matrix) =>
        matrix.View(new TensorDescriptor(matrix.Data, matrix.DType, new Layout([matrix.Shape[1], matrix.Shape[0]], [matrix.ByteStrides[1], matrix.ByteStrides[0]], matrix.DType.ItemSize), matrix.Device));

    private static float[] Floats(byte[] bytes) => [.. bytes.Chunk(4).Select(b => BitConverter.ToSingle(b))];
}
