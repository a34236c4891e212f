using TensorBridge.Accelerators.Kernels;

namespace TensorBridge.Accelerators.Tests.Kernels;

public sealed class HostEngineTests : IDisposable
{
    private static readonly LaunchOptions Emulator = new() { Engine = KernelEngine.Emulator };

    private readonly KernelModule _module = KernelModule.Load(Samples.Kernels);

    public void Dispose() => _module.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(23)]
    public void CopiedCodeDoesWhatTheMethodDoes(int rounds)
    {
        // One element: the kernel writes beside its own index, which has an order on no engine.
        var memory = new HostMemory(48);
        for (int i = 0; i < 3; i++)
        {
            memory.As<double>(6)[0] = (i * 1.5) - 2;
            using TensorHandle x = memory.Tensor(DType.Float64, [1], [8]);
            using TensorHandle host = memory.Tensor(DType.Float64, [1], [8], offset: 8);
            using TensorHandle emulated = memory.Tensor(DType.Float64, [1], [8], offset: 16);
            ModuleKernel kernel = _module.Kernel("Features");
            Assert.Null(kernel.HostEngineRefusal);
            kernel.Launch(rounds, 2.5, x, host);
            kernel.Launch(Emulator, rounds, 2.5, x, emulated);
            Assert.NotEqual(0, memory.As<double>(6)[1]);
            Assert.Equal(memory.As<double>(6)[2], memory.As<double>(6)[1]);
        }
    }

    [Fact]
    public void EachTurnBeginsWithTheParametersAsPassed()
    {
        // Features writes to its parameters; a second index must not see that.
        var memory = new HostMemory(16 * 8);
        using TensorHandle x = memory.Tensor(DType.Float64, [8], [8]);
        using TensorHandle y = memory.Tensor(DType.Float64, [8], [8], offset: 64);
        _module.Kernel("Features").Launch(0, 0, x, y);
        Assert.Equal([.. Enumerable.Range(0, 8).Select(i => 8000.0 + i - 1)], memory.As<double>(16)[8..].ToArray().Select(value => Math.Round(value, 1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(257)]
    [InlineData(1_000_003)]
    public void EveryIndexRunsOnce(int length)
    {
        var memory = new HostMemory(length * 4);
        using TensorHandle view = memory.Tensor(DType.Int32, [length], [4]);
        ModuleKernel kernel = _module.Kernel("AddSpecialized");
        for (int i = 0; i < 3; i++)
            kernel.Launch(1, view);
        Assert.True(memory.As<int>(length).IndexOfAnyExcept(3) < 0);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300_000)]
    [InlineData(300_000, 1)]
    [InlineData(701, 503)]
    public void EveryIndexOfTwoAxesRunsOnce(int rows, int columns)
    {
        var memory = new HostMemory(rows * columns * 8);
        using TensorHandle x = memory.Tensor(DType.Int32, [rows, columns], [columns * 4, 4], isReadOnly: true);
        using TensorHandle y = memory.Tensor(DType.Int32, [rows, columns], [columns * 4, 4], offset: rows * columns * 4);
        memory.As<int>(rows * columns).Fill(2);
        _module.Kernel("BridgeKernels.Add").Launch(x, y);
        _module.Kernel("BridgeKernels.Add").Launch(x, y);
        Assert.True(memory.As<int>(rows * columns * 2)[(rows * columns)..].IndexOfAnyExcept(4) < 0);
    }

    [Theory]
    [InlineData(1, 400, 300)]
    [InlineData(50, 40, 60)]
    [InlineData(100, 200, 1)]
    public void EveryIndexOfThreeAxesIsRight(int x, int y, int z)
    {
        var memory = new HostMemory(x * y * z * 4);
        using TensorHandle tensor = memory.Tensor(DType.Int32, [x, y, z], [y * z * 4, z * 4, 4]);
        _module.Kernel("Number3D").Launch(tensor);
        int[] values = memory.As<int>(x * y * z).ToArray();
        for (int i = 0; i < values.Length; i++)
            Assert.Equal((i / (y * z) * 10000) + (i / z % y * 100) + (i % z), values[i]);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(1, 300_000, 3)]
    [InlineData(701, 503, 2)]
    public void TheElementOfTheIndexIsFoundAtAnyStride(int rows, int columns, int step)
    {
        int width = columns * step;
        var memory = new HostMemory(rows * width * 8);
        Span<int> all = memory.As<int>(rows * width * 2);
        for (int i = 0; i < all.Length; i++)
            all[i] = i % 997;
        int[] before = all.ToArray();
        using TensorHandle x = memory.Tensor(DType.Int32, [rows, columns], [width * 4, step * 4]);
        using TensorHandle y = memory.Tensor(DType.Int32, [rows, columns], [width * 4, step * 4], offset: rows * width * 4);
        _module.Kernel("Steps2D").Launch(x, y);
        for (int i = 0; i < rows * width; i++)
        {
            bool isElement = i % width % step == 0 && i % width > 0;
            int expected = before[(rows * width) + i];
            if (isElement)
                expected = Math.Min(1000, expected + before[i] - before[i - step]);
            Assert.Equal(expected, memory.As<int>(rows * width * 2)[(rows * width) + i]);
        }
    }

    [Theory]
    [InlineData("Backwards")]
    [InlineData("BackwardsByHelper")]
    public void AnIndexThatIsWrittenToIsFollowed(string kernel)
    {
        var memory = new HostMemory(80);
        for (int i = 0; i < 10; i++)
            memory.As<int>(20)[i] = i;
        using TensorHandle x = memory.Tensor(DType.Int32, [10], [4]);
        using TensorHandle y = memory.Tensor(DType.Int32, [10], [4], offset: 40);
        Assert.Null(_module.Kernel(kernel).HostEngineRefusal);
        _module.Kernel(kernel).Launch(x, y);
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], memory.As<int>(20)[10..].ToArray());
    }

    [Fact]
    public void AGivenExtentIsCheckedAgainstTheTensors()
    {
        var memory = new HostMemory(512);
        using TensorHandle x = memory.Tensor(DType.Float32, [8, 8], [32, 4]);
        using TensorHandle y = memory.Tensor(DType.Float32, [8, 8], [32, 4], offset: 256);
        ModuleKernel kernel = _module.Kernel("Saxpy2D");
        memory.As<float>(64).Fill(1);
        kernel.Launch(new LaunchOptions { Extent = [2, 3] }, 1.0, x, y);
        Assert.Equal(6, memory.As<float>(128)[64..].ToArray().Sum());
        foreach (long[] extent in new long[][] { [9, 8], [8, 9] })
        {
            IndexOutOfRangeException error = Assert.Throws<IndexOutOfRangeException>(() => kernel.Launch(new LaunchOptions { Extent = extent }, 1.0, x, y));
            Assert.Contains("is out of range for shape (8, 8)", error.Message, StringComparison.Ordinal);
        }

        memory.As<float>(128)[64..].Clear();
        kernel.Launch(1.0, x, y);
        Assert.True(memory.As<float>(128)[64..].IndexOfAnyExcept(1) < 0);
    }

    [Fact]
    public void IndexErrorsNameTheArgument()
    {
        var memory = new HostMemory(256);
        using TensorHandle flat = memory.Tensor(DType.Int32, [64], [4]);
        using TensorHandle square = memory.Tensor(DType.Int32, [8, 8], [32, 4]);
        Assert.Equal("MyKernels.Poke: argument 2 'view': index -5 is out of range for 64 elements", Error("Poke", -5, flat));
        Assert.Equal("MyKernels.Poke2D: argument 3 'view': index (0, 8) is out of range for shape (8, 8)", Error("Poke2D", 0, 1, square));
        Assert.Equal("MyKernels.Part: argument 3 'view': the part of 64 elements from 1 on is out of range for 64 elements", Error("Part", 1, 64, flat));
        Assert.Equal("MyKernels.PassesOn: Index out of range", Error("PassesOn", -1, flat));

        string Error(string kernel, params KernelArgument[] arguments) =>
            Assert.Throws<IndexOutOfRangeException>(() => _module.Kernel(kernel).Launch(arguments)).Message;
    }

    [Fact]
    public void PartsOfViewsAreViews()
    {
        var memory = new HostMemory(48);
        for (int i = 0; i < 8; i++)
            memory.As<int>(12)[i] = i;
        using TensorHandle x = memory.Tensor(DType.Int32, [8], [4]);
        using TensorHandle y = memory.Tensor(DType.Int32, [4], [4], offset: 32);
        var options = new LaunchOptions { Extent = [4] };
        _module.Kernel("Halves").Launch(options, x, y);
        Assert.Equal([4, 105, 206, 307], memory.As<int>(12)[8..].ToArray());
        memory.As<int>(12)[8..].Clear();
        _module.Kernel("Halves").Launch(options with { Engine = KernelEngine.Emulator }, x, y);
        Assert.Equal([4, 105, 206, 307], memory.As<int>(12)[8..].ToArray());
        _module.Kernel("PassesOn").Launch(0, y);
        Assert.Equal([7, 7, 7, 7], memory.As<int>(12)[8..].ToArray());
    }

    [Fact]
    public void AFailureOnAnyThreadEndsTheLaunch()
    {
        const int Length = 2_000_000;
        var memory = new HostMemory(Length * 4);
        using TensorHandle view = memory.Tensor(DType.Int32, [Length], [4]);
        for (int i = 0; i < 10; i++)
            Assert.Throws<IndexOutOfRangeException>(() => _module.Kernel("Poke").Launch(1 + (i * 1000), view));
        memory.As<int>(Length).Clear();
        _module.Kernel("Poke").Launch(0, view);
        Assert.True(memory.As<int>(Length).IndexOfAnyExcept(7) < 0);
    }

    [Fact]
    public void ALongLaunchCanBeCancelled()
    {
        const int Length = 4_000_000;
        var memory = new HostMemory(Length * 8);
        using TensorHandle view = memory.Tensor(DType.Float64, [Length], [8]);
        using var source = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => _module.Kernel("Slow").Launch(new LaunchOptions { Cancellation = source.Token }, 20_000, view));
        int calls = 0;
        var options = new LaunchOptions { Checkpoint = () => throw new TimeoutException($"{++calls}") };
        Assert.Throws<TimeoutException>(() => _module.Kernel("Slow").Launch(options, 20_000, view));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void ManyThreadsLaunchAtOnce()
    {
        ModuleKernel kernel = _module.Kernel("AddSpecialized");
        Parallel.For(0, 8, thread =>
        {
            var memory = new HostMemory(4096);
            using TensorHandle view = memory.Tensor(DType.Int32, [1024], [4]);
            for (int i = 0; i < 500; i++)
            {
                kernel.Launch(thread, view);
                if (i % 100 == 0)
                    GC.Collect();
            }

            Assert.True(memory.As<int>(1024).IndexOfAnyExcept(thread * 500) < 0);
        });
    }

    [Fact]
    public void ARepeatedLaunchAllocatesNothing()
    {
        var memory = new HostMemory(96);
        using TensorHandle x = memory.Tensor(DType.Float32, [12], [4]);
        using TensorHandle y = memory.Tensor(DType.Float32, [12], [4], offset: 48);
        ModuleKernel kernel = _module.Kernel("Saxpy");
        kernel.Launch(2.0, x, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            kernel.Launch(2.0, x, y);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void AnArgumentThatNobodyUsesAgainLivesUntilTheLaunchEnds()
    {
        const int Length = 100_000;
        var memory = new HostMemory(Length * 8);
        ModuleKernel kernel = _module.Kernel("Slow");
        var collector = new Thread(() =>
        {
            for (int i = 0; i < 30; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Thread.Sleep(2);
            }
        });
        collector.Start();
        int released = -1;
        kernel.Launch(new LaunchOptions { Checkpoint = () => released = memory.Released }, [2000, memory.Tensor(DType.Float64, [Length], [8])]);
        collector.Join();
        Assert.InRange(released, -1, 0);
    }

    [Fact]
    public void ModulesCloseWhileKernelsRun()
    {
        const int Length = 1_000_000;
        var memory = new HostMemory(Length * 8);
        using TensorHandle view = memory.Tensor(DType.Float64, [Length], [8]);
        KernelModule module = KernelModule.Load(Samples.Kernels);
        ModuleKernel kernel = module.Kernel("Slow");
        var launch = new Thread(() => kernel.Launch(100, view));
        launch.Start();
        Thread.Sleep(20);
        module.Dispose();
        launch.Join();
        Assert.NotEqual(0, memory.As<double>(Length)[Length - 1]);
        Assert.Throws<ObjectDisposedException>(() => kernel.Launch(100, view));
    }
}
