using System.Numerics.Tensors;

namespace TensorBridge.Tests;

public class TensorSpanTests
{
    [Fact]
    public void SpansSeeTheSameMemory()
    {
        float[] values = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        using TensorHandle handle = TensorHandle.From(values);
        using TensorHandle cube = handle.Reshape(2, 3, 4);
        TensorSpan<float> span = cube.AsTensorSpan<float>();
        span[1, 2, 3] = -1;
        Assert.Equal(-1, values[23]);
        Assert.Equal(values[4 + 2], cube.T.AsReadOnlyTensorSpan<float>()[2, 1, 0]);
        Assert.Equal(values[6], cube[0, .., 2].AsTensorSpan<float>()[1]);
        Assert.Equal(values[3], cube[0, 0, 3].AsTensorSpan<float>()[0]);
        Assert.True(cube[..0].AsTensorSpan<float>().IsEmpty);
        Assert.Equal(5f, cube[..1, 1..2].AsTensorSpan<float>()[0, 0, 1]);
        Assert.Equal(2f, cube[0, 0].BroadcastTo(5, 4).AsReadOnlyTensorSpan<float>()[3, 2]);
    }

    [Fact]
    public void WhatASpanCannotSayIsRefused()
    {
        using TensorHandle handle = TensorHandle.From(new float[24]).Reshape(4, 6);
        Refused(() => handle[TensorIndex.Slice(step: -1)].AsTensorSpan<float>(), "negative");
        Refused(() => handle.AsReadOnly().AsTensorSpan<float>(), "read-only");
        Refused(() => handle.AsTensorSpan<int>(), "float32");
        Refused(() => handle.AsTensorSpan<double>(), "8");
        Refused(() => handle.Reinterpret(DType.Parse(">f4")).AsTensorSpan<float>(), "swapped");
        using var odd = new TensorHandle(new TensorDescriptor(4096, DType.Float32, new Layout([2], [6], 4), Device.Cpu));
        Refused(() => odd.AsTensorSpan<float>(), "multiple");
        using var overlapping = new TensorHandle(new TensorDescriptor(4096, DType.Float32, new Layout([2, 2], [4, 4], 4), Device.Cpu));
        Refused(() => overlapping.AsTensorSpan<float>(), "share");
        using var cuda = new TensorHandle(new TensorDescriptor(4096, DType.Float32, Layout.Contiguous([2], 4), Device.Cuda()));
        Refused(() => cuda.AsTensorSpan<float>(), "host");

        static void Refused(Action action, string word) => Assert.Contains(word, Assert.Throws<TensorLayoutException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public unsafe void ManagedMemoryBecomesTensors()
    {
        Tensor<double> tensor = Tensor.Create(Enumerable.Range(0, 12).Select(i => (double)i).ToArray(), [3, 4]);
        using (TensorHandle handle = TensorHandle.From(tensor))
        {
            Assert.Equal("tensor[float64, (3, 4), cpu]", handle.ToString());
            ((double*)handle.Data)[5] = 99;
        }

        Assert.Equal(99, tensor[1, 1]);
        Tensor<double> part = tensor.Slice(new System.Buffers.NRange(1, 3), new System.Buffers.NRange(2, 4));
        using (TensorHandle handle = TensorHandle.From(part))
        {
            Assert.Equal("tensor[float64, (2, 2), cpu, strides (32, 8)]", handle.ToString());
            Assert.Equal(part[0, 0], *(double*)handle.Data);
        }

        int[,] grid = new int[2, 3];
        using (TensorHandle handle = TensorHandle.From(grid))
        {
            Assert.Equal("tensor[int32, (2, 3), cpu]", handle.ToString());
            ((int*)handle.Data)[5] = 7;
        }

        Assert.Equal(7, grid[1, 2]);
        using (TensorHandle handle = TensorHandle.From(new bool[2, 2, 2]))
            Assert.Equal(DType.Boolean, handle.DType);
        using (TensorHandle handle = TensorHandle.From(new ReadOnlyMemory<byte>(new byte[6]), 2, 3))
            Assert.Equal("tensor[uint8, (2, 3), cpu, read-only]", handle.ToString());
        using (TensorHandle handle = TensorHandle.From(new (int, float)[4]))
            Assert.True(handle.DType.IsRecord);
        Assert.Throws<TensorFormatException>(() => TensorHandle.From(new byte[5].AsMemory(), 2, 3));
        Assert.Throws<TensorLayoutException>(() => TensorHandle.From((Array)new string[2]));
        Assert.Throws<TensorLayoutException>(() => TensorHandle.From((Array)new int[2][]));
    }

    [Fact]
    public void PinsAreReleasedWithTheLastView()
    {
        var manager = new CountingMemory();
        TensorHandle handle = TensorHandle.From(manager.Memory);
        TensorHandle view = handle[1..];
        Assert.Equal(1, manager.Pins);
        handle.Dispose();
        Assert.Equal(1, manager.Pins);
        view.Dispose();
        Assert.Equal(0, manager.Pins);
        Assert.Throws<TensorFormatException>(() => TensorHandle.From(manager.Memory, -1));
        Assert.Equal(0, manager.Pins);
    }

    private sealed unsafe class CountingMemory : System.Buffers.MemoryManager<float>
    {
        private readonly float[] _values = GC.AllocateArray<float>(8, pinned: true);

        public int Pins { get; private set; }

        public override Span<float> GetSpan() => _values;

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0)
        {
            Pins++;
            fixed (float* p = &_values[elementIndex])
                return new System.Buffers.MemoryHandle(p, default, this);
        }

        public override void Unpin() => Pins--;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
