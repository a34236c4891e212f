using System.Diagnostics;
using TensorBridge.Sharing;

namespace TensorBridge.Tests.Sharing;

public sealed class SharedTensorTests
{
    private static string FreshName() => $"tensorbridge-test-{Environment.ProcessId}-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TwoMappingsAreTheSameMemory(bool isNamed)
    {
        string? name = isNamed ? FreshName() : null;
        using SharedTensor shared = SharedTensor.Create(DType.Int32, [3, 4], name);
        Span<int> values = Values<int>(shared.Tensor, 12);
        Assert.All(values.ToArray(), value => Assert.Equal(0, value));
        values[5] = 77;
        using TensorHandle opened = SharedTensor.Open(shared.Token);
        Assert.NotEqual(shared.Tensor.Data, opened.Data);
        Assert.Equal(shared.Tensor.Layout, opened.Layout);
        Assert.Equal(DType.Int32, opened.DType);
        Assert.Equal(77, Values<int>(opened, 12)[5]);
        Values<int>(opened, 12)[11] = -1;
        Assert.Equal(-1, values[11]);
    }

    [Fact]
    public void AnotherProcessWorksOnTheSameBytes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        string name = FreshName();
        using SharedTensor shared = SharedTensor.Create(DType.UInt8, [8], name);
        Values<byte>(shared.Tensor, 8)[2] = 5;
        const string program = """
            import mmap, os, sys
            with open('/dev/shm/' + sys.argv[1], 'r+b') as file:
                memory = mmap.mmap(file.fileno(), 0)
                memory[3] = memory[2] + 1
            """;
        using Process python = Process.Start("/usr/bin/python3", ["-c", program, name])!;
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
        Assert.Equal([0, 0, 5, 6, 0, 0, 0, 0], Values<byte>(shared.Tensor, 8).ToArray());
        string path = shared.Token.Split('|')[2];
        Assert.Equal(name, path);
    }

    [Fact]
    public void ViewsKeepTheMemoryAndTheNameGoesWithTheLast()
    {
        string name = FreshName();
        SharedTensor shared = SharedTensor.Create(DType.Float64, [4], name);
        TensorHandle view = shared.Tensor.Share();
        shared.Dispose();
        Values<double>(view, 4)[3] = 1.5;
        using (TensorHandle opened = SharedTensor.OpenNamed(name, DType.Float64, [2], offset: 16))
            Assert.Equal(1.5, Values<double>(opened, 2)[1]);
        view.Dispose();
        Assert.Contains("shm_open", Assert.Throws<TensorDeviceException>(() => SharedTensor.OpenNamed(name, DType.Float64, [4])).Message);
    }

    [Fact]
    public void DescriptorsAndMappingsAreGivenBack()
    {
        int before = Descriptors();
        for (int i = 0; i < 200; i++)
        {
            using SharedTensor shared = SharedTensor.Create(DType.Float32, [100], i % 2 == 0 ? FreshName() : null);
            using TensorHandle opened = SharedTensor.Open(shared.Token);
        }

        // Other tests open files of their own; two hundred would stand out.
        Assert.InRange(Descriptors(), 0, before + 50);
        Assert.DoesNotContain(Directory.EnumerateFiles("/dev/shm"), file => file.Contains($"tensorbridge-test-{Environment.ProcessId}-"));

        static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
    }

    [Theory]
    [InlineData("|u1")]
    [InlineData(">f4")]
    [InlineData("<c16")]
    [InlineData("<M8[ns]")]
    [InlineData("<U5")]
    [InlineData("|V12")]
    public void TokensKeepTheElementType(string typestr)
    {
        using SharedTensor shared = SharedTensor.Create(DType.Parse(typestr), [2, 3]);
        using TensorHandle opened = SharedTensor.Open(shared.Token);
        Assert.Equal(DType.Parse(typestr), opened.DType);
        Assert.Equal([2L, 3], opened.Shape.ToArray());
    }

    [Fact]
    public void EmptyTensorsAndScalarsAreShared()
    {
        using SharedTensor empty = SharedTensor.Create(DType.Float32, [0, 3]);
        using TensorHandle none = SharedTensor.Open(empty.Token);
        Assert.Equal(0, none.ElementCount);
        using SharedTensor scalar = SharedTensor.Create(DType.Float32, []);
        using TensorHandle one = SharedTensor.Open(scalar.Token);
        Assert.Equal(0, one.Rank);
    }

    [Fact]
    public void WhatCannotBeIsRefusedByName()
    {
        string name = FreshName();
        using SharedTensor shared = SharedTensor.Create(DType.Float32, [4], name);
        Assert.Contains(name, Assert.Throws<TensorDeviceException>(() => SharedTensor.Create(DType.Float32, [4], name)).Message);
        Assert.Contains("touches bytes", Assert.Throws<TensorFormatException>(() => SharedTensor.OpenNamed(name, DType.Float32, [5])).Message);
        Assert.Contains("touches bytes", Assert.Throws<TensorFormatException>(() => SharedTensor.OpenNamed(name, DType.Float32, [4], offset: 4)).Message);
        Assert.Throws<TensorFormatException>(() => SharedTensor.OpenNamed(name, DType.Float32, [1], offset: -4));
        Assert.Throws<TensorFormatException>(() => SharedTensor.Create(DType.Float32, [4], "a/b"));
        Assert.Throws<TensorFormatException>(() => SharedTensor.Open("nonsense"));
        Assert.Throws<TensorFormatException>(() => SharedTensor.Open("memfd|1|/etc/passwd|0|=u1|4|1|w"));
        Assert.Throws<TensorFormatException>(() => SharedTensor.Open("shm|1|x|zero|=u1|4|1|w"));
        Assert.Contains("typestr", Assert.Throws<TensorUnsupportedException>(() => SharedTensor.Create(DType.BFloat16, [4])).Message);
    }

    private static unsafe Span<T> Values<T>(TensorHandle tensor, int length)
        where T : unmanaged => new((void*)tensor.Data, length);
}
