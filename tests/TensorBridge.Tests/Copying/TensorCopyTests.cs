using System.Buffers.Binary;
using System.Numerics;
using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>The public calls: conversion, broadcasting, refusals, overlap, watching.</summary>
public class TensorCopyTests
{
    [Fact]
    public void CopiesBroadcastTheirSource()
    {
        using TensorHandle row = Tensors.Of([1, 2, 3], [3]);
        using TensorHandle column = Tensors.Of([10, 20], [2, 1]);
        using TensorHandle wide = Tensors.Of([7], [1, 1, 1]);
        using TensorHandle target = Tensors.Of(new int[6], [2, 3]);
        TensorCopy.Copy(row, target);
        Assert.Equal([1, 2, 3, 1, 2, 3], Tensors.Read<int>(target));
        TensorCopy.Copy(column, target);
        Assert.Equal([10, 10, 10, 20, 20, 20], Tensors.Read<int>(target));
        TensorCopy.Copy(wide, target);
        Assert.Equal([7, 7, 7, 7, 7, 7], Tensors.Read<int>(target));
        using TensorHandle wrong = Tensors.Of(new int[2], [2]);
        Assert.Contains("(2, 3)", Assert.Throws<TensorLayoutException>(() => TensorCopy.Copy(wrong, target)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherTypesFollowTheCastingRule()
    {
        using TensorHandle source = Tensors.Of([1.5, -2.5, 300], [3]);
        using TensorHandle floats = Tensors.Of(new float[3], [3]);
        using TensorHandle bytes = Tensors.Of(new byte[3], [3]);
        TensorCopy.Copy(source, floats);
        Assert.Equal([1.5f, -2.5f, 300f], Tensors.Read<float>(floats));
        TensorUnsupportedException error = Assert.Throws<TensorUnsupportedException>(() => TensorCopy.Copy(source, bytes));
        Assert.Equal("cannot cast float64 to uint8 under casting 'same_kind'; allow it with casting 'unsafe'", error.Message);
        TensorCopy.Copy(source, bytes, new CopyOptions { Casting = CastingRule.Unsafe });
        Assert.Equal(new byte[] { 1, 254, 44 }, Tensors.Read<byte>(bytes));
        Assert.Throws<TensorUnsupportedException>(() => TensorCopy.Copy(source, floats, new CopyOptions { Casting = CastingRule.Safe }));
    }

    [Fact]
    public void ByteOrdersAreSwapped()
    {
        using TensorHandle little = Tensors.Of([1, 0x01020304], [2]);
        using TensorHandle big = Tensors.Of(new int[2], [2], type: DType.Int32.WithByteOrder(ByteOrder.Big));
        TensorCopy.Copy(little, big, new CopyOptions { Casting = CastingRule.Equiv });
        Assert.Equal([0x01000000, 0x04030201], Tensors.Read<int>(big));
        using TensorHandle doubles = TensorCopy.Cast(big, DType.Float64);
        Assert.Equal([1.0, 0x01020304], Tensors.Read<double>(doubles));
        Assert.Throws<TensorUnsupportedException>(() => TensorCopy.Copy(little, big, new CopyOptions { Casting = CastingRule.No }));
    }

    [Fact]
    public void ComplexAndTextSwapByComponent()
    {
        DType complex = DType.Complex64.WithByteOrder(ByteOrder.Big);
        using TensorHandle source = Tensors.Of([0x00000040_0000803FUL], [1], type: complex);
        using TensorHandle native = TensorCopy.Cast(source, DType.Complex64);
        Assert.Equal([0x40000000_3F800000UL], Tensors.Read<ulong>(native));
        DType text = DType.Text(2).WithByteOrder(ByteOrder.Big);
        using TensorHandle word = Tensors.Of([0x42000000_41000000UL], [1], type: text);
        using TensorHandle swapped = TensorCopy.Cast(word, DType.Text(2));
        Assert.Equal([0x00000042_00000041UL], Tensors.Read<ulong>(swapped));
    }

    [Fact]
    public void ContiguousIsTheSameMemoryUnlessACopyIsNeeded()
    {
        using TensorHandle dense = Tensors.Of([1, 2, 3, 4, 5, 6], [2, 3]);
        using TensorHandle transposed = Tensors.Of([1, 2, 3, 4, 5, 6], [3, 2], [1, 3]);
        using TensorHandle same = TensorCopy.ToContiguous(dense);
        Assert.Equal(dense.Data, same.Data);
        using TensorHandle forced = TensorCopy.ToContiguous(dense, copy: true);
        Assert.NotEqual(dense.Data, forced.Data);
        using TensorHandle copied = TensorCopy.ToContiguous(transposed);
        Assert.Equal([1, 4, 2, 5, 3, 6], Tensors.Read<int>(copied));
        Assert.True(copied.Layout.IsCContiguous);
        Assert.Equal(0u, copied.Data % 64);
        Assert.Throws<TensorLayoutException>(() => TensorCopy.ToContiguous(transposed, copy: false));
        using TensorHandle fortran = TensorCopy.ToContiguous(transposed, Order.F);
        Assert.Equal(transposed.Data, fortran.Data);
        using TensorHandle kept = TensorCopy.ToContiguous(transposed, Order.K, copy: true);
        Assert.Equal(transposed.ByteStrides.ToArray(), kept.ByteStrides.ToArray());
        using TensorHandle scalar = Tensors.Of([5], []);
        using TensorHandle still = TensorCopy.ToContiguous(scalar, copy: true);
        Assert.Equal(0, still.Rank);
    }

    [Fact]
    public void CastsKeepTheOrderOfTheAxes()
    {
        using TensorHandle transposed = Tensors.Of([1, 2, 3, 4, 5, 6], [3, 2], [1, 3]);
        using TensorHandle cast = TensorCopy.Cast(transposed, DType.Int16);
        Assert.True(cast.Layout.IsFContiguous);
        Assert.Equal(new short[] { 1, 4, 2, 5, 3, 6 }, Tensors.Read<short>(cast));
        using TensorHandle c = TensorCopy.Cast(transposed, DType.Float16, order: Order.C);
        Assert.True(c.Layout.IsCContiguous);
        using TensorHandle shared = TensorCopy.Cast(transposed, DType.Int32, copy: false);
        Assert.Equal(transposed.Data, shared.Data);
        Assert.Throws<TensorUnsupportedException>(() => TensorCopy.Cast(transposed, DType.Int16, CastingRule.Safe));
        Assert.Contains("no conversion", Assert.Throws<TensorUnsupportedException>(() => TensorCopy.Cast(transposed, DType.Opaque(4))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FillsConvertTheirValue()
    {
        using TensorHandle floats = Tensors.Of(new float[24], [2, 3], [12, 2]);
        TensorCopy.Fill(floats, 3);
        Assert.All(Tensors.Read<float>(floats), x => Assert.Equal(3f, x));
        using TensorHandle complex = Tensors.Of(new Complex[5], [5]);
        TensorCopy.Fill(complex, new Complex(1, -2));
        Assert.All(Tensors.Read<Complex>(complex), x => Assert.Equal(new Complex(1, -2), x));
        using TensorHandle truth = Tensors.Of(new bool[3], [3]);
        TensorCopy.Fill(truth, 0.25);
        Assert.All(Tensors.Read<byte>(truth), x => Assert.Equal(1, x));
        using TensorHandle big = Tensors.Of(new short[2], [2], type: DType.Int16.WithByteOrder(ByteOrder.Big));
        TensorCopy.Fill(big, true);
        Assert.All(Tensors.Read<short>(big), x => Assert.Equal(0x0100, x));
        using TensorHandle records = Tensors.Of(new byte[30], [10], [3], type: DType.Opaque(3));
        TensorCopy.Fill(records, [1, 2, 3]);
        Assert.Equal([.. Enumerable.Repeat<byte[]>([1, 2, 3], 10).SelectMany(x => x)], Flat(records));
        Assert.Throws<TensorFormatException>(() => TensorCopy.Fill(records, [1, 2]));
        Assert.Throws<TensorUnsupportedException>(() => TensorCopy.Fill(records, 1));
    }

    [Fact]
    public void BadDestinationsAreRefusedBeforeAnythingIsWritten()
    {
        using TensorHandle source = Tensors.Of([1, 2, 3, 4], [4]);
        using TensorHandle readOnly = Tensors.Of(new int[4], [4], readOnly: true);
        using TensorHandle broadcast = Tensors.Of(new int[1], [4], [0]);
        int[] memory = Tensors.Pinned<int>(8);
        using TensorHandle overlapping = Tensors.View(memory, [2, 2], [1, 1]);
        using TensorHandle square = Tensors.Of([1, 2, 3, 4], [2, 2]);
        Assert.Contains("read-only", Assert.Throws<TensorLayoutException>(() => TensorCopy.Copy(source, readOnly)).Message, StringComparison.Ordinal);
        Assert.Contains("stride 0", Assert.Throws<TensorLayoutException>(() => TensorCopy.Copy(source, broadcast)).Message, StringComparison.Ordinal);
        Assert.Contains("share memory", Assert.Throws<TensorLayoutException>(() => TensorCopy.Copy(square, overlapping)).Message, StringComparison.Ordinal);
        Assert.Throws<TensorLayoutException>(() => TensorCopy.Copy(overlapping, overlapping));
        Assert.Throws<TensorLayoutException>(() => TensorCopy.Fill(readOnly, 1));
        Assert.Throws<TensorLayoutException>(() => TensorCopy.Fill(broadcast, 1));
        Assert.All(memory, x => Assert.Equal(0, x));
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => TensorCopy.Copy(source, square));
    }

    [Fact]
    public void StrangeButUniqueDestinationsAreAccepted()
    {
        // Rows interleave: 0 2 4 and 3 5 7. No stride steps over the other axis, yet no two elements meet.
        using TensorHandle source = Tensors.Of([1, 2, 3, 4, 5, 6], [2, 3]);
        using TensorHandle interleaved = Tensors.Of(new int[8], [2, 3], [3, 2]);
        TensorCopy.Copy(source, interleaved);
        Assert.Equal([1, 2, 3, 4, 5, 6], Tensors.Read<int>(interleaved));
    }

    [Fact]
    public void DevicesAreLeftToTheirBridge()
    {
        using TensorHandle source = Tensors.Of([1, 2], [2]);
        using var device = new TensorHandle(new TensorDescriptor(4096, DType.Int32, Layout.Contiguous([2], 4), Device.Cuda()));
        Assert.Contains("bridge", Assert.Throws<TensorDeviceException>(() => TensorCopy.Copy(source, device)).Message, StringComparison.Ordinal);
        Assert.Throws<TensorDeviceException>(() => TensorCopy.Copy(device, source));
        Assert.Throws<TensorDeviceException>(() => TensorCopy.ToContiguous(device, copy: true));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(0, -1)]
    [InlineData(3, 2)]
    [InlineData(999, -1)]
    public void OverlapsAreAsIfThereWereNone(int first, int stride)
    {
        int[] memory = Tensors.Pinned<int>(4000);
        for (int i = 0; i < memory.Length; i++)
            memory[i] = i;
        int[] before = [.. memory];
        using TensorHandle source = Tensors.View(memory, [1000]);
        using TensorHandle destination = Tensors.View(memory, [1000], [stride], stride < 0 ? first + 999 : first);
        TensorCopy.Copy(source, destination);
        Assert.Equal(before[..1000], Tensors.Read<int>(destination));
    }

    [Fact]
    public void ATensorTransposesOntoItself()
    {
        int[] memory = [.. Enumerable.Range(0, 10000)];
        int[] pinned = Tensors.Pinned<int>(10000);
        memory.CopyTo(pinned, 0);
        using TensorHandle square = Tensors.View(pinned, [100, 100]);
        using TensorHandle transposed = Tensors.View(pinned, [100, 100], [1, 100]);
        TensorCopy.Copy(transposed, square);
        for (int i = 0; i < 10000; i++)
            Assert.Equal((i % 100 * 100) + (i / 100), pinned[i]);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(300_001)]
    public void TypesOfOneSizeConvertInPlace(int count)
    {
        int[] memory = Tensors.Pinned<int>(count);
        for (int i = 0; i < count; i++)
            memory[i] = i;
        using TensorHandle integers = Tensors.View(memory, [count]);
        using TensorHandle floats = Tensors.View(memory, [count], type: DType.Float32);
        using TensorHandle big = Tensors.View(memory, [count], type: DType.Float32.WithByteOrder(ByteOrder.Big));
        TensorCopy.Copy(integers, floats, new CopyOptions { Casting = CastingRule.Unsafe });
        Assert.Equal([.. Enumerable.Range(0, count).Select(i => (float)i)], Tensors.Read<float>(floats));
        TensorCopy.Copy(floats, big);
        TensorCopy.Copy(big, floats, new CopyOptions { MaxDegree = 1 });
        TensorCopy.Copy(floats, floats);
        Assert.Equal([.. Enumerable.Range(0, count).Select(i => (float)i)], Tensors.Read<float>(floats));
    }

    [Fact]
    public void CancelledCopiesStop()
    {
        using TensorHandle source = TensorAllocator.Shared.Allocate(DType.Float64, [1 << 22], zero: true);
        using TensorHandle destination = TensorAllocator.Shared.Allocate(DType.Float64, [1 << 22]);
        using TensorHandle floats = TensorAllocator.Shared.Allocate(DType.Float32, [1 << 22]);
        foreach (TensorHandle target in new[] { destination, floats })
        {
            using var stop = new CancellationTokenSource();
            int calls = 0;
            var options = new CopyOptions { Cancellation = stop.Token, MaxDegree = 1, Progress = (_, _) => Interlocked.Increment(ref calls) };
            TensorCopy.Copy(source, target, options);
            Assert.True(calls > 0);
            stop.Cancel();
            Assert.Throws<OperationCanceledException>(() => TensorCopy.Copy(source, target, options));
            using var during = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => TensorCopy.Copy(source, target, new CopyOptions { Cancellation = during.Token, MaxDegree = 1, Progress = (_, _) => during.Cancel() }));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ProgressRisesToTheEnd(int degree)
    {
        using TensorHandle source = TensorAllocator.Shared.Allocate(DType.Float64, [3 << 20], zero: true);
        using TensorHandle same = TensorAllocator.Shared.Allocate(DType.Float64, [3 << 20]);
        using TensorHandle floats = TensorAllocator.Shared.Allocate(DType.Float32, [3 << 20]);
        foreach (TensorHandle target in new[] { same, floats })
        {
            var seen = new List<long>();
            int thread = Environment.CurrentManagedThreadId;
            TensorCopy.Copy(source, target, new CopyOptions
            {
                MaxDegree = degree,
                Progress = (done, total) =>
                {
                    Assert.Equal(thread, Environment.CurrentManagedThreadId);
                    Assert.Equal(target.Descriptor.ByteLength, total);
                    seen.Add(done);
                },
            });
            Assert.NotEmpty(seen);
            Assert.Equal(seen.Order(), seen);
            Assert.Equal(target.Descriptor.ByteLength, seen[^1]);
        }
    }

    [Fact]
    public void AnExceptionFromProgressReachesTheCaller()
    {
        using TensorHandle source = TensorAllocator.Shared.Allocate(DType.Float64, [1 << 20], zero: true);
        using TensorHandle floats = TensorAllocator.Shared.Allocate(DType.Float32, [1 << 20]);
        using TensorHandle same = TensorAllocator.Shared.Allocate(DType.Float64, [1 << 20]);
        var options = new CopyOptions { Progress = (_, _) => throw new NotSupportedException() };
        Assert.Throws<NotSupportedException>(() => TensorCopy.Copy(source, floats, options));
        Assert.Throws<NotSupportedException>(() => TensorCopy.Copy(source, same, options));
    }

    [Fact]
    public void RecordsSwapAndConvertFieldByField()
    {
        DType big = DType.Record(8, [new RecordField("a", DType.Int16.WithByteOrder(ByteOrder.Big), 0), new RecordField("b", DType.Float32.WithByteOrder(ByteOrder.Big), 4)]);
        DType native = big.WithByteOrder(ByteOrder.Little);
        DType wide = DType.Record(12, [new RecordField("x", DType.Float64, 4), new RecordField("y", DType.Int32, 0)]);
        byte[] one = [0, 5, 0xEE, 0xEE, 0x3F, 0xC0, 0, 0];
        using TensorHandle source = Tensors.Of([.. one, .. one, .. one], [3], [8], type: big);
        using TensorHandle swapped = TensorCopy.Cast(source, native);
        Assert.Equal<byte>([5, 0, 0, 0, 0, 0, 0xC0, 0x3F], Flat(swapped)[..8]);
        using TensorHandle cast = TensorCopy.Cast(source, wide);
        byte[] record = Flat(cast)[12..24];
        Assert.Equal((1, 5.0), (BitConverter.ToInt32(record, 0), BitConverter.ToDouble(record, 4)));
    }

    [Fact]
    public void SubArrayFieldsSwapEveryItem()
    {
        DType big = DType.Record(9, [new RecordField("m", DType.Int16.WithByteOrder(ByteOrder.Big), 1, [2, 2])]);
        using TensorHandle source = Tensors.Of(new byte[] { 9, 0, 1, 0, 2, 0, 3, 0, 4 }, [1], [9], type: big);
        using TensorHandle swapped = TensorCopy.Cast(source, big.WithByteOrder(ByteOrder.Little));
        Assert.Equal<byte>([0, 1, 0, 2, 0, 3, 0, 4, 0], Flat(swapped));
    }

    [Fact]
    public void DatesChangeTheirUnit()
    {
        DType seconds = DType.DateTime64(new DateTimeUnit("s"));
        DType days = DType.DateTime64(new DateTimeUnit("D")).WithByteOrder(ByteOrder.Big);
        using TensorHandle source = Tensors.Of([86400L * 3, -1, long.MinValue], [3], type: seconds);
        using TensorHandle cast = TensorCopy.Cast(source, days, CastingRule.SameKind);
        Assert.Equal([3, -1, long.MinValue], Tensors.Read<long>(cast).Select(BinaryPrimitives.ReverseEndianness));
        Assert.Throws<TensorUnsupportedException>(() => TensorCopy.Cast(source, days, CastingRule.Safe));
    }

    [Fact]
    public void EmptyTensorsCopyNothing()
    {
        using TensorHandle source = Tensors.Of(Array.Empty<int>(), [3, 0]);
        using TensorHandle destination = Tensors.Of(Array.Empty<int>(), [3, 0], [0, 0]);
        TensorCopy.Copy(source, destination);
        using TensorHandle dense = TensorCopy.ToContiguous(source, copy: true);
        Assert.Equal(0, dense.ElementCount);
        Assert.Contains("nothing", TensorCopy.Explain(source, destination), StringComparison.Ordinal);
    }

    [Fact]
    public void ExplainSaysWhatWillRun()
    {
        using TensorHandle source = Tensors.Of(new float[20000], [100, 200], [1, 100]);
        using TensorHandle destination = Tensors.Of(new float[20000], [100, 200]);
        string text = TensorCopy.Explain(source, destination);
        Assert.Contains("path Tile", text, StringComparison.Ordinal);
        Assert.Contains("4-byte words", text, StringComparison.Ordinal);
        Assert.Contains("of memcpy", text, StringComparison.Ordinal);
        Assert.Contains("1 thread", text, StringComparison.Ordinal);
        int[] memory = Tensors.Pinned<int>(20);
        using TensorHandle left = Tensors.View(memory, [10]);
        using TensorHandle right = Tensors.View(memory, [10], first: 5);
        Assert.Contains("temporary", TensorCopy.Explain(left, right), StringComparison.Ordinal);
    }

    [Fact]
    public void SmallCopiesAllocateNothing()
    {
        using TensorHandle source = Tensors.Of(new float[64], [8, 8], [1, 8]);
        using TensorHandle destination = Tensors.Of(new float[64], [8, 8]);
        using TensorHandle halves = Tensors.Of(new Half[64], [8, 8]);
        for (int i = 0; i < 3; i++)
        {
            TensorCopy.Copy(source, destination);
            TensorCopy.Copy(source, halves);
            TensorCopy.Fill(destination, 1);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        TensorCopy.Copy(source, destination);
        TensorCopy.Copy(source, halves);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void TheDegreeIsAtLeastOne()
    {
        int before = TensorCopy.MaxDegree;
        Assert.Equal(Environment.ProcessorCount, before);
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorCopy.MaxDegree = 0);
    }

    private static byte[] Flat(TensorHandle tensor)
    {
        var result = new byte[tensor.Descriptor.ByteLength];
        System.Runtime.InteropServices.Marshal.Copy((nint)tensor.Data, result, 0, result.Length);
        GC.KeepAlive(tensor);
        return result;
    }
}
