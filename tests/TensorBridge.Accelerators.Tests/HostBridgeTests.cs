using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Tests;

public sealed class HostBridgeTests : IDisposable
{
    private readonly HostBridge _bridge = HostBridge.Create();

    public void Dispose() => _bridge.Dispose();

    [Fact]
    public void RecordsAreSeenThroughStructsThatMatch()
    {
        DType type = DType.Record(8, [new RecordField("x", DType.Float32, 0), new RecordField("n", DType.Int32, 4)]);
        using TensorHandle record = TensorHandle.From(new Point[] { new() { X = 1.5f, N = 7 } }).Reinterpret(type);
        Assert.Equal(7, _bridge.View<Point>(record)[0L].N);
        string message = Assert.Throws<TensorLayoutException>(() => _bridge.View<Swapped>(record)).Message;
        Assert.Contains("'x' lies at byte 0, in the struct at 4", message);
    }

    [Fact]
    public void AFlatViewIsTheSameMemory()
    {
        var memory = new HostMemory(24);
        using TensorHandle tensor = memory.Tensor(DType.Float32, [2, 3], [12, 4]);
        ArrayView<float> view = _bridge.View<float>(tensor);
        Assert.Equal(memory.Address, AddressOf(view));
        Assert.Equal(6, view.Length);

        _bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(6, view);
        _bridge.Accelerator.Synchronize();
        Assert.All(memory.As<float>(6).ToArray(), value => Assert.Equal(1f, value));
    }

    [Fact]
    public void StridedViewsReachNegativeStridesAndAnyRank()
    {
        // a[::-1, ::2] of a (3, 4) int32 array: element (i, j) is a[2-i, 2j].
        var memory = new HostMemory(48);
        Span<int> values = memory.As<int>(12);
        for (int i = 0; i < 12; i++)
            values[i] = i;
        using TensorHandle tensor = memory.Tensor(DType.Int32, [3, 2], [-16, 8], offset: 32);
        StridedView<int, Rank3> view = _bridge.Strided<int, Rank3>(tensor);
        Assert.Equal(memory.Address, AddressOf(view.Memory));

        _bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, StridedView<int, Rank3>>(Kernels.NegateAll)(6, view);
        _bridge.Accelerator.Synchronize();
        Assert.Equal([0, 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11], memory.As<int>(12).ToArray());
    }

    [Fact]
    public void TwoAndThreeDimensionalViewsIndexAsNumPy()
    {
        var memory = new HostMemory(2 * 3 * 4 * 8);
        Span<double> values = memory.As<double>(24);
        for (int i = 0; i < 24; i++)
            values[i] = i;
        using TensorHandle cube = memory.Tensor(DType.Float64, [4, 2, 3], [8, 96, 32]);
        ArrayView3D<double, Stride3D.General> view = _bridge.View3D<double>(cube);
        Assert.Equal(new LongIndex3D(4, 2, 3), view.Extent);
        Assert.Equal(1 + 12 + (2 * 4), view[new Index3D(1, 1, 2)]);

        using TensorHandle matrix = memory.Tensor(DType.Float64, [3, 2], [16, 8]);
        Assert.Equal(5, _bridge.View2D<double>(matrix)[new Index2D(2, 1)]);
        using TensorHandle column = memory.Tensor(DType.Float64, [3], [32]);
        Assert.Equal(8, _bridge.View1D<double>(column)[2]);
    }

    [Fact]
    public void DisposingTheBridgeFreesNoForeignMemory()
    {
        var memory = new HostMemory(16);
        TensorHandle tensor = memory.Tensor(DType.Int32, [4], [4]);
        using (var bridge = HostBridge.Create())
            bridge.View<int>(tensor)[3] = 7;
        Assert.Equal(0, memory.Released);
        Assert.Equal(7, memory.As<int>(4)[3]);
        tensor.Dispose();
        Assert.Equal(1, memory.Released);
    }

    [Fact]
    public void EmptyTensorsGiveEmptyViews()
    {
        using var tensor = new TensorHandle(new TensorDescriptor(0, DType.Float32, Layout.Contiguous([0, 3], 4), Device.Cpu));
        Assert.Equal(0, _bridge.View<float>(tensor).Length);
        Assert.Equal(0, _bridge.View2D<float>(tensor).Length);
        Assert.Equal(0, _bridge.Strided<float, Rank4>(tensor).Length);
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedByName()
    {
        var memory = new HostMemory(256);
        using TensorHandle strided = memory.Tensor(DType.Float32, [3, 2], [8, 4]);
        using TensorHandle gaps = memory.Tensor(DType.Float32, [3, 2], [16, 4]);
        using TensorHandle reversed = memory.Tensor(DType.Float32, [3, 2], [-8, 4], offset: 64);
        using TensorHandle readOnly = memory.Tensor(DType.Float32, [3], [4], isReadOnly: true);
        using TensorHandle broadcast = memory.Tensor(DType.Float32, [3, 2], [0, 4]);
        using TensorHandle packed = memory.Tensor(DType.Float32, [3], [5]);
        using TensorHandle odd = memory.Tensor(DType.Float32, [3], [4], offset: 2);
        using TensorHandle swapped = memory.Tensor(DType.Parse(">f4"), [3], [4]);
        using var device = new TensorHandle(new TensorDescriptor(4096, DType.Float32, Layout.Contiguous([3], 4), Device.Cuda()));

        Refused("got tensor[float32, (3, 2), cpu, strides (16, 4)]", () => _bridge.View<float>(gaps));
        Refused("expected a tensor of Double, got tensor[float32", () => _bridge.View<double>(strided));
        Refused("use a view of float", () => _bridge.View<int>(strided));
        Refused("rank 3", () => _bridge.View3D<float>(strided));
        Refused("negative", () => _bridge.View2D<float>(reversed));
        Refused("read-only", () => _bridge.View<float>(readOnly));
        Refused("share memory", () => _bridge.Strided<float, Rank2>(broadcast));
        Refused("no multiple", () => _bridge.Strided<float, Rank1>(packed));
        Refused("not aligned", () => _bridge.View<float>(odd));
        Refused("swapped", () => _bridge.View<float>(swapped));
        Refused("rank 1 or less", () => _bridge.Strided<float, Rank1>(strided));
        Assert.Contains("cuda:0", Assert.Throws<TensorDeviceException>(() => _bridge.View<float>(device)).Message);

        Assert.Equal(0f, _bridge.ReadOnlyView<float>(readOnly)[2L]);
        Assert.Equal(6, _bridge.ReadOnlyStrided<float, Rank2>(broadcast).Length);

        static void Refused(string part, Action call) => Assert.Contains(part, Assert.Throws<TensorLayoutException>(call).Message);
    }

    [Fact]
    public void AxesBeyondTheEighthAreFusedWhereMemoryAllows()
    {
        var memory = new HostMemory(2048 * 4);
        Span<int> values = memory.As<int>(2048);
        for (int i = 0; i < values.Length; i++)
            values[i] = i;
        long[] shape = [2, 2, 1, 2, 2, 2, 2, 2, 2, 2, 2];
        using TensorHandle dense = memory.Tensor(DType.Int32, shape, [2048, 1024, 7, 512, 256, 128, 64, 32, 16, 8, 4]);
        using TensorHandle turned = dense.Transpose(0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 9);
        using TensorHandle reversed = memory.Tensor(DType.Int32, shape[..10], [-2048, -1024, 7, 512, 256, 128, 64, 32, 16, 4], offset: 3072);

        // The axis of length 1 goes, then the outermost two pairs become one axis of length 4 and so on: what is inside stays.
        StridedView<int, Rank8> view = _bridge.Strided<int, Rank8>(turned);
        Assert.Equal((8L, 2L, 2L, 2L, 1L, 2L), (view.Axes.Length0, view.Axes.Length1, view.Axes.Length6, view.Axes.Length7, view.Axes.Stride6, view.Axes.Stride7));
        for (int linear = 0; linear < 1024; linear++)
            Assert.Equal((linear & ~3) + ((linear & 1) << 1) + ((linear >> 1) & 1), view[linear]);
        StridedView<int, Rank8> back = _bridge.Strided<int, Rank8>(reversed);
        Assert.Equal((4L, -256L, 2L, 128L), (back.Axes.Length0, back.Axes.Stride0, back.Axes.Length1, back.Axes.Stride1));
        Assert.Equal((3072 / 4) - 512, back.At(2, 0, 0, 0, 0, 0, 0, 0));

        var negate = _bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, StridedView<int, Rank8>>(Kernels.NegateAll8);
        negate(1024, view);
        _bridge.Accelerator.Synchronize();
        Assert.Equal([0, -1, -1023, 1024], [values[0], values[1], values[1023], values[1024]]);

        using TensorHandle scattered = memory.Tensor(DType.Int32, [.. Enumerable.Repeat(2L, 9)], [4, 8, 16, 32, 64, 128, 256, 512, 1024]);
        TensorLayoutException refused = Assert.Throws<TensorLayoutException>(() => _bridge.Strided<int, Rank8>(scattered));
        Assert.Contains("lie in memory as one", refused.Message);
        Assert.Contains("rank 7 or less", Assert.Throws<TensorLayoutException>(() => _bridge.Strided<int, Rank7>(dense)).Message);
        using TensorHandle empty = memory.Tensor(DType.Int32, [2, 0, 2, 2, 2, 2, 2, 2, 2], [4, 8, 16, 32, 64, 128, 256, 512, 1024]);
        Assert.Equal(0, _bridge.Strided<int, Rank8>(empty).Length);
    }

    [Fact]
    public void AViewKeepsADroppedHandleAlive()
    {
        var memory = new HostMemory(16);
        ArrayView<int> view = MakeView(memory);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, memory.Released);
        view[0] = 3;
        Assert.Equal(3, memory.As<int>(1)[0]);

        ArrayView<int> MakeView(HostMemory m) => _bridge.View<int>(m.Tensor(DType.Int32, [4], [4]));
    }

    private static unsafe nuint AddressOf<T>(ArrayView<T> view)
        where T : unmanaged => (nuint)Unsafe.AsPointer(ref view[0L]);

    internal static class Kernels
    {
        public static void AddOne(Index1D index, ArrayView<float> view) => view[index] += 1;

        public static void NegateAll(Index1D index, StridedView<int, Rank3> view) => view[index] = -view[index];

        public static void NegateAll8(Index1D index, StridedView<int, Rank8> view) => view[index] = -view[index];
    }

    private struct Point
    {
        public float X;
        public int N;
    }

    private readonly record struct Swapped(int N, float X);
}
