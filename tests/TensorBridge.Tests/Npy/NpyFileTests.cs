using System.Diagnostics;
using System.Runtime.InteropServices;
using TensorBridge.Copying;

namespace TensorBridge.Tests.NpyFiles;

public sealed unsafe class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ACreatedFileIsZeroWritableAndReadBack()
    {
        using (TensorHandle created = Npy.Create(_folder["a.npy"], DType.Int32, [2, 3], Order.F))
        {
            Assert.True(created.Layout.IsFContiguous);
            Assert.All(Items<int>(created), item => Assert.Equal(0, item));
            Items<int>(created, 5);
        }

        using TensorHandle read = Npy.Open(_folder["a.npy"]);
        Assert.Equal("tensor[int32, (2, 3), cpu, strides (4, 8), read-only]", read.ToString());
        Assert.Equal([5, 6, 7, 8, 9, 10], Items<int>(read));
        Assert.Equal(0u, (uint)(read.Data % 64));
        Assert.Equal(["a.npy"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void TheModesDifferInWhatReachesTheFile()
    {
        Npy.Create(_folder["a.npy"], DType.Int32, [3]).Dispose();
        using (TensorHandle writable = Npy.Open(_folder["a.npy"], NpyMode.ReadWrite))
        {
            Assert.False(writable.IsReadOnly);
            Items<int>(writable, 1);
            Npy.Flush(writable);
        }

        using (TensorHandle own = Npy.Open(_folder["a.npy"], NpyMode.CopyOnWrite))
        {
            Assert.False(own.IsReadOnly);
            Items<int>(own, 100);
            Npy.Flush(own);
            Assert.Equal([100, 101, 102], Items<int>(own));
        }

        using TensorHandle read = Npy.Open(_folder["a.npy"]);
        Assert.True(read.IsReadOnly);
        Assert.Equal([1, 2, 3], Items<int>(read));
        Assert.Throws<TensorLayoutException>(() => TensorCopy.Fill(read, 1));
        using TensorHandle loaded = Npy.Load(_folder["a.npy"]);
        Assert.False(loaded.IsReadOnly);
        Assert.Equal([1, 2, 3], Items<int>(loaded));
        Assert.Throws<TensorLayoutException>(() => Npy.Flush(loaded));
        Assert.Throws<ArgumentOutOfRangeException>(() => Npy.Open(_folder["a.npy"], (NpyMode)9));
    }

    [Fact]
    public void TheLastHandleUnmapsTheFileOnce()
    {
        Assert.SkipUnless(File.Exists("/proc/self/maps"), "mappings are listed in /proc/self/maps on Linux only");
        string path = _folder["mapped.npy"];
        Npy.Create(path, DType.Float64, [1000]).Dispose();
        Assert.Equal(0, Mappings(path));
        TensorHandle first = Npy.Open(path);
        TensorHandle second = first.Share();
        Assert.Equal(1, Mappings(path));
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, Mappings(path));
        Assert.Equal(0.0, Items<double>(second)[999]);
        second.Dispose();
        Assert.Equal(0, Mappings(path));
        Assert.Throws<TensorFormatException>(() => Npy.Open(Cut(path, 8000)));
        Assert.Equal(0, Mappings("cut.npy"));
    }

    [Fact]
    public void ADroppedMappingIsUnmapped()
    {
        Assert.SkipUnless(File.Exists("/proc/self/maps"), "mappings are listed in /proc/self/maps on Linux only");
        string path = _folder["dropped.npy"];
        Npy.Create(path, DType.Float64, [1000]).Dispose();
        Drop(path);
        for (int i = 0; i < 20 && Mappings(path) > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        Assert.Equal(0, Mappings(path));

        static void Drop(string path) => _ = Npy.Open(path);
    }

    [Fact]
    public void AFileCutShortIsRefusedAndNeverMapped()
    {
        string path = _folder["a.npy"];
        Npy.Create(path, DType.Float64, [10_000]).Dispose();
        foreach (long length in (long[])[80_127, 4096, 129, 128])
        {
            var error = Assert.Throws<TensorFormatException>(() => Npy.Open(Cut(path, length)));
            Assert.Contains("cut.npy': 'shape' (10000,) of float64 needs 80000 bytes", error.Message, StringComparison.Ordinal);
        }

        using (FileStream longer = File.OpenWrite(path))
            longer.SetLength(1_000_000);
        using TensorHandle more = Npy.Open(path);
        Assert.Equal(10_000, more.ElementCount);
    }

    [Fact]
    public void HugeShapesOverTinyFilesAreRefused()
    {
        foreach (string shape in (string[])["(9223372036854775807,)", "(1073741824, 1024, 1024)"])
        {
            File.WriteAllBytes(_folder["a.npy"], NpyBytes.Version1($"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}", 10));
            var error = Assert.ThrowsAny<Exception>(() => Npy.Open(_folder["a.npy"]));
            Assert.True(error is TensorFormatException or OverflowException, error.ToString());
            error = Assert.ThrowsAny<Exception>(() => Npy.Load(new PipeStream(File.ReadAllBytes(_folder["a.npy"]))));
            Assert.True(error is TensorException or OverflowException, error.ToString());
        }
    }

    [Fact]
    public void EmptyAndZeroDimensionalFilesWork()
    {
        Npy.Create(_folder["empty.npy"], DType.Float32, [3, 0]).Dispose();
        using TensorHandle empty = Npy.Open(_folder["empty.npy"], NpyMode.ReadWrite);
        Assert.Equal(0, empty.ElementCount);
        Npy.Save(_folder["again.npy"], empty);
        Assert.Equal(File.ReadAllBytes(_folder["empty.npy"]), File.ReadAllBytes(_folder["again.npy"]));
        using TensorHandle one = Npy.Create(_folder["one.npy"], DType.Opaque(0), []);
        Assert.Equal(1, one.ElementCount);
        using TensorHandle loaded = Npy.Load(_folder["one.npy"]);
        Assert.Equal(0, loaded.DType.ItemSize);
    }

    [Fact]
    public void StridedTensorsAreSavedInAnyOrderAndType()
    {
        using TensorHandle source = TensorAllocator.Shared.Allocate(DType.Int32, [4, 6]);
        Items<int>(source, 0);
        TensorDescriptor descriptor = source.Descriptor;
        // Every second row from the last one back, columns reversed.
        using TensorHandle view = source.View(descriptor.With(data: descriptor.Data + (3 * 24) + 20, layout: new Layout([2, 6], [-48, -4], 4)));
        int[] expected = [23, 22, 21, 20, 19, 18, 11, 10, 9, 8, 7, 6];
        foreach (Order order in Enum.GetValues<Order>())
        {
            Npy.Save(_folder["a.npy"], view, order);
            using var memory = new MemoryStream();
            Npy.Save(memory, view, order);
            Assert.Equal(File.ReadAllBytes(_folder["a.npy"]), memory.ToArray());
            using TensorHandle read = Npy.Open(_folder["a.npy"]);
            Assert.Equal(order == Order.F, read.Layout.IsFContiguous);
            using TensorHandle dense = TensorCopy.ToContiguous(read);
            Assert.Equal(expected, Items<int>(dense));
        }

        Npy.Save(_folder["a.npy"], view, type: DType.Parse(">f4"));
        using TensorHandle cast = Npy.Open(_folder["a.npy"]);
        Assert.Equal(">f4", cast.DType.TypeString);
        using TensorHandle native = TensorCopy.Cast(cast, DType.Int32);
        Assert.Equal(expected, Items<int>(native));
        Assert.Throws<TensorUnsupportedException>(() => Npy.Save(_folder["b.npy"], cast, type: DType.Int32));
        Assert.False(File.Exists(_folder["b.npy"]));
    }

    [Theory]
    [InlineData(Order.C, Order.F)]
    [InlineData(Order.F, Order.C)]
    [InlineData(Order.C, Order.C)]
    public void LargeTensorsAreSavedInPieces(Order from, Order to)
    {
        using TensorHandle source = TensorAllocator.Shared.Allocate(DType.Int32, [3, 2500, 2400], from);
        Items<int>(source, 0);
        long last = 0;
        int calls = 0;
        DType type = from == to ? DType.Int64 : DType.Int32;
        Npy.Save(_folder["a.npy"], source, to, type, new CopyOptions
        {
            Progress = (done, all) =>
            {
                Assert.InRange(done, last + 1, all);
                Assert.Equal(source.ElementCount * type.ItemSize, all);
                last = done;
                calls++;
            },
        });
        Assert.Equal(source.ElementCount * type.ItemSize, last);
        Assert.True(calls > 1);
        using var stream = File.Create(_folder["b.npy"]);
        Npy.Save(stream, source, to, type);
        stream.Dispose();
        using TensorHandle read = Npy.Open(_folder["a.npy"]);
        using TensorHandle dense = TensorCopy.Cast(read, DType.Int32, order: from);
        Assert.True(Bytes(source).SequenceEqual(Bytes(dense)));
        using TensorHandle other = Npy.Open(_folder["b.npy"]);
        Assert.True(Bytes(read).SequenceEqual(Bytes(other)));
    }

    [Fact]
    public void AFailedOrCancelledSaveLeavesTheOldFile()
    {
        Npy.Create(_folder["a.npy"], DType.Int32, [3]).Dispose();
        byte[] before = File.ReadAllBytes(_folder["a.npy"]);
        using TensorHandle source = TensorAllocator.Shared.Allocate(DType.Int32, [3000, 3000]);
        foreach (Order order in (Order[])[Order.C, Order.F])
        {
            using var cancel = new CancellationTokenSource();
            var options = new CopyOptions { Cancellation = cancel.Token, Progress = (_, _) => cancel.Cancel() };
            var error = Record.Exception(() => Npy.Save(_folder["a.npy"], source, order, options: options));
            Assert.True(error is OperationCanceledException or null, error?.ToString());
            if (error is not null)
                Assert.Equal(before, File.ReadAllBytes(_folder["a.npy"]));
            Assert.Throws<InvalidOperationException>(() => Npy.Save(_folder["b.npy"], source, order, options: new CopyOptions { Progress = (_, _) => throw new InvalidOperationException() }));
        }

        Assert.Equal(["a.npy"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.Throws<DirectoryNotFoundException>(() => Npy.Save(_folder["no/a.npy"], source));
    }

    [Fact]
    public void AMappedFileCanBeReplacedByItsOwnConversion()
    {
        using (TensorHandle created = Npy.Create(_folder["a.npy"], DType.Int32, [2, 3]))
            Items<int>(created, 0);
        File.CreateSymbolicLink(_folder["link.npy"], _folder["a.npy"]);
        using TensorHandle mapped = Npy.Open(_folder["link.npy"]);
        Npy.Save(_folder["link.npy"], mapped, Order.F, DType.Float64);
        Assert.Equal([0, 1, 2, 3, 4, 5], Items<int>(mapped));
        Assert.NotNull(File.ResolveLinkTarget(_folder["link.npy"], false));
        using TensorHandle read = Npy.Open(_folder["a.npy"]);
        Assert.Equal([0, 3, 1, 4, 2, 5], Items<double>(read));
    }

    [Fact]
    public void DevicesAndPipesAreWrittenToAndNeverMapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/null and mkfifo are Linux'");
        using TensorHandle tensor = TensorAllocator.Shared.Allocate(DType.Int32, [3], zero: true);
        Npy.Save("/dev/null", tensor);
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        Assert.Throws<TensorUnsupportedException>(() => Npy.Open("/dev/null"));
        using (Process make = Process.Start("mkfifo", _folder["pipe"]))
            make.WaitForExit();
        Assert.Throws<TensorUnsupportedException>(() => Npy.Open(_folder["pipe"]));
        Assert.Throws<UnauthorizedAccessException>(() => Npy.Open(_folder.Path));
        Assert.Throws<FileNotFoundException>(() => Npy.Open(_folder["none.npy"]));
    }

    [Fact]
    public void TypesThatNoFileCanSayAreRefusedBeforeAFileIsMade()
    {
        var outOfOrder = DType.Record(8, [new RecordField("a", DType.Int32, 4), new RecordField("b", DType.Int32, 0)]);
        foreach (DType type in (DType[])[DType.Complex32, outOfOrder, DType.Record(8, [new RecordField("n", outOfOrder, 0)])])
        {
            Assert.Throws<TensorUnsupportedException>(() => Npy.Create(_folder["a.npy"], type, [2]));
            using TensorHandle tensor = TensorAllocator.Shared.Allocate(type, [2], zero: true);
            Assert.Throws<TensorUnsupportedException>(() => Npy.Save(_folder["a.npy"], tensor));
        }

        Assert.Throws<TensorUnsupportedException>(() => Npy.Create(_folder["a.npy"], DType.SmallFloat(ElementKind.Float4E2M1FN), [2]));
        using var device = new TensorHandle(new TensorDescriptor(64, DType.Int32, Layout.Contiguous([3], 4), Device.Cuda()));
        Assert.Throws<TensorDeviceException>(() => Npy.Save(_folder["a.npy"], device));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void TwoFilesFollowEachOtherInOneStream()
    {
        using TensorHandle tensor = TensorAllocator.Shared.Allocate(DType.Int16, [5]);
        Items<short>(tensor, 7);
        using var memory = new MemoryStream();
        Npy.Save(memory, tensor);
        Npy.Save(memory, tensor);
        using var pipe = new PipeStream(memory.ToArray());
        for (int i = 0; i < 2; i++)
        {
            using TensorHandle read = Npy.Load(pipe);
            Assert.Equal([7, 8, 9, 10, 11], Items<short>(read));
        }
    }

    private string Cut(string path, long length)
    {
        File.WriteAllBytes(_folder["cut.npy"], File.ReadAllBytes(path)[..(int)length]);
        return _folder["cut.npy"];
    }

    private static int Mappings(string path) => File.ReadAllLines("/proc/self/maps").Count(line => line.EndsWith(path, StringComparison.Ordinal));

    private static Span<byte> Bytes(TensorHandle tensor) => new((void*)tensor.Data, (int)tensor.Layout.PayloadBytes);

    private static T[] Items<T>(TensorHandle tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes(tensor)).ToArray();

    // Rising numbers in memory order.
    private static void Items<T>(TensorHandle tensor, T first)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        foreach (ref T item in MemoryMarshal.Cast<byte, T>(Bytes(tensor)))
            item = first++;
    }
}
