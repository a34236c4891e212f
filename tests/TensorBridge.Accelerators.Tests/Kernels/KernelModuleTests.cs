using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using TensorBridge.Accelerators.Kernels;

namespace TensorBridge.Accelerators.Tests.Kernels;

public sealed class KernelModuleTests : IDisposable
{
    private readonly KernelModule _module = KernelModule.Load(Samples.Kernels);

    public void Dispose() => _module.Dispose();

    public static TheoryData<KernelEngine> Engines => [KernelEngine.Host, KernelEngine.Emulator];

    [Fact]
    public void ModulesListTheirKernels()
    {
        string[] names = [.. _module.Kernels.Select(kernel => kernel.Name)];
        Assert.Contains("MyKernels.Saxpy", names);
        Assert.Contains("BridgeKernels.Reversed", names);
        Assert.DoesNotContain("MyKernels.NoKernel", names);
        Assert.DoesNotContain("MyKernels.Escape", names);
        ModuleKernel saxpy = _module.Kernel("Saxpy");
        Assert.Equal("MyKernels.Saxpy(alpha: float32, x: tensor[float32, (*)], y: tensor[float32, (*)]) over Index1D", saxpy.Signature);
        Assert.Equal(["alpha", "x", "y"], saxpy.Parameters.Select(parameter => parameter.Name));
        Assert.Equal("BridgeKernels.Describe(name: str, count: int32, factor: float64, loud: bool) -> str", _module.Kernel("Describe").Signature);
        Assert.EndsWith("over (grid, group)", _module.Kernel("ReverseGroups").Signature);
    }

    [Theory, MemberData(nameof(Engines))]
    public void SaxpyRunsInPlace(KernelEngine engine)
    {
        var x = new HostMemory(48);
        var y = new HostMemory(48);
        for (int i = 0; i < 12; i++)
            (x.As<float>(12)[i], y.As<float>(12)[i]) = (i, 100);
        using TensorHandle xs = x.Tensor(DType.Float32, [12], [4]);
        using TensorHandle ys = y.Tensor(DType.Float32, [3, 4], [16, 4]);
        Assert.Null(_module.Kernel("MyKernels.Saxpy").Launch(new LaunchOptions { Engine = engine }, 2.0, xs, ys));
        Assert.Equal([.. Enumerable.Range(0, 12).Select(i => 100f + (2 * i))], y.As<float>(12).ToArray());
    }

    [Theory, MemberData(nameof(Engines))]
    public void StridedTwoDimensionalViews(KernelEngine engine)
    {
        // x is a transposed, y a sliced array.
        var x = new HostMemory(24);
        var y = new HostMemory(96);
        for (int i = 0; i < 6; i++)
            x.As<float>(6)[i] = i;
        using TensorHandle xs = x.Tensor(DType.Float32, [2, 3], [4, 8]);
        using TensorHandle ys = y.Tensor(DType.Float32, [2, 3], [48, 16]);
        _module.Kernel("Saxpy2D").Launch(new LaunchOptions { Engine = engine }, 10, xs, ys);
        float[] all = y.As<float>(24).ToArray();
        Assert.Equal([0, 20, 40, 10, 30, 50], new[] { all[0], all[4], all[8], all[12], all[16], all[20] });
        Assert.Equal(0, all.Where((_, i) => i % 4 != 0).Sum());
    }

    [Theory, MemberData(nameof(Engines))]
    public void ThreeDimensionsCountAsNumPy(KernelEngine engine)
    {
        var memory = new HostMemory(4 * 2 * 3 * 5);
        using TensorHandle tensor = memory.Tensor(DType.Int32, [2, 3, 5], [60, 20, 4]);
        _module.Kernel("Number3D").Launch(new LaunchOptions { Engine = engine }, tensor);
        int[] expected = [.. from i in Enumerable.Range(0, 2) from j in Enumerable.Range(0, 3) from k in Enumerable.Range(0, 5) select (i * 10000) + (j * 100) + k];
        Assert.Equal(expected, memory.As<int>(30).ToArray());
    }

    [Theory, MemberData(nameof(Engines))]
    public void DenseStridesStandForOrders(KernelEngine engine)
    {
        var rows = new HostMemory(24);
        var columns = new HostMemory(24);
        for (int i = 0; i < 6; i++)
            rows.As<int>(6)[i] = i;
        using TensorHandle c = rows.Tensor(DType.Int32, [2, 3], [12, 4]);
        using TensorHandle f = columns.Tensor(DType.Int32, [2, 3], [4, 8]);
        ModuleKernel kernel = _module.Kernel("Orders");
        kernel.Launch(new LaunchOptions { Engine = engine }, c, f);
        Assert.Equal([0, 3, 1, 4, 2, 5], columns.As<int>(6).ToArray());
        Assert.Contains("along axis 1 must be adjacent", Assert.Throws<TensorLayoutException>(() => kernel.Launch(f, c)).Message);
    }

    [Theory, MemberData(nameof(Engines))]
    public void OwnViewsTakeAnyStrides(KernelEngine engine)
    {
        var memory = new HostMemory(48);
        for (int i = 0; i < 12; i++)
            memory.As<int>(12)[i] = i;
        using TensorHandle reversed = memory.Tensor(DType.Int32, [3, 2], [-16, 8], offset: 32);
        using TensorHandle broadcast = memory.Tensor(DType.Int32, [3, 2], [0, 4], offset: 4, isReadOnly: true);
        _module.Kernel("Negate").Launch(new LaunchOptions { Engine = engine }, reversed);
        Assert.Equal([0, 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11], memory.As<int>(12).ToArray());
        var sums = new HostMemory(24);
        using TensorHandle sum = sums.Tensor(DType.Int32, [3, 2], [8, 4]);
        _module.Kernel("BridgeKernels.Add").Launch(new LaunchOptions { Engine = engine }, broadcast, sum);
        _module.Kernel("BridgeKernels.AddLinear").Launch(new LaunchOptions { Engine = engine }, broadcast, sum);
        Assert.Equal([2, -4, 2, -4, 2, -4], sums.As<int>(6).ToArray());
    }

    [Theory, MemberData(nameof(Engines))]
    public void ExtentsCanBeGivenWhereArgumentsDisagree(KernelEngine engine)
    {
        var memory = new HostMemory(64);
        memory.As<float>(16)[2] = 5;
        memory.As<byte>(64)[32 + 3] = 2;
        using TensorHandle codes = memory.Tensor(DType.UInt8, [4], [1], offset: 32);
        using TensorHandle table = memory.Tensor(DType.Float32, [3], [4]);
        using TensorHandle result = memory.Tensor(DType.Float32, [4], [4], offset: 48);
        ModuleKernel kernel = _module.Kernel("Lookup");
        string message = Assert.Throws<TensorLayoutException>(() => kernel.Launch(codes, table, result)).Message;
        Assert.Contains("argument 1 'codes' tensor[uint8, (4,), cpu] and argument 2 'table' tensor[float32, (3,), cpu] disagree", message);
        kernel.Launch(new LaunchOptions { Engine = engine, Extent = [4] }, codes, table, result);
        Assert.Equal([0, 0, 0, 5], memory.As<float>(16)[12..].ToArray());
    }

    [Theory, MemberData(nameof(Engines))]
    public void SpecializedValuesStructsAndScalars(KernelEngine engine)
    {
        var memory = new HostMemory(64);
        var options = new LaunchOptions { Engine = engine };
        using TensorHandle ints = memory.Tensor(DType.Int32, [4], [4]);
        _module.Kernel("AddSpecialized").Launch(options, 5, ints);
        _module.Kernel("AddSpecialized").Launch(options, 2, ints);
        Assert.Equal([7, 7, 7, 7], memory.As<int>(4).ToArray());

        using TensorHandle reals = memory.Tensor(DType.Float64, [2], [8]);
        using TensorHandle zeroDimensional = memory.Tensor(DType.Int16, [], [], offset: 40);
        memory.As<short>(32)[20] = 3;
        _module.Kernel("Scalars").Launch(options, 255, zeroDimensional, 0.5f, reals);
        Assert.Equal([258.5, 258.5], memory.As<double>(2).ToArray());
    }

    [Theory, MemberData(nameof(Engines))]
    public void IlgpusMathematicsIsThere(KernelEngine engine)
    {
        var memory = new HostMemory(16);
        memory.As<float>(4)[0] = 3;
        memory.As<float>(4)[1] = 300;
        memory.As<float>(4)[2] = 4;
        using TensorHandle x = memory.Tensor(DType.Float32, [2], [4]);
        using TensorHandle y = memory.Tensor(DType.Float32, [2], [4], offset: 8);
        ModuleKernel kernel = _module.Kernel("Distance");
        Assert.Null(kernel.HostEngineRefusal);
        kernel.Launch(new LaunchOptions { Engine = engine }, x, y);
        Assert.Equal([5f, 100f], memory.As<float>(4)[2..].ToArray());
    }

    [Fact]
    public void ScalarsConvertSafely()
    {
        var memory = new HostMemory(16);
        using TensorHandle reals = memory.Tensor(DType.Float64, [2], [8]);
        ModuleKernel kernel = _module.Kernel("Scalars");
        Assert.Equal(
            "argument 1 'small': expected uint8, got int 256; the range is 0 to 255",
            Assert.Throws<OverflowException>(() => kernel.Launch(256, 1, 1.0, reals)).Message);
        Assert.Equal(
            "argument 2 'large': expected int64, got float 1.5",
            Assert.Throws<TensorFormatException>(() => kernel.Launch(1, 1.5, 1.0, reals)).Message);
        Assert.Throws<OverflowException>(() => kernel.Launch(1, KernelArgument.FromInteger((Int128)1 << 64), 1.0, reals));
        Assert.Throws<OverflowException>(() => _module.Kernel("Saxpy").Launch(1e300, reals, reals));
        Assert.Matches(
            @"^argument 4 'result': expected tensor\[float64, \(\*\), cpu(\|cuda:\d)*\], got int 1$",
            Assert.Throws<TensorFormatException>(() => kernel.Launch(1, 1, 1, 1)).Message);
        Assert.Contains("takes 4 arguments, got 1", Assert.Throws<TensorFormatException>(() => kernel.Launch(1)).Message);
    }

    [Theory, MemberData(nameof(Engines))]
    public void RecordsAreStructs(KernelEngine engine)
    {
        var memory = new HostMemory(48);
        var type = DType.Record(16, [new RecordField("x", DType.Float32, 0), new RecordField("y", DType.Float32, 4), new RecordField("id", DType.Int64, 8)]);
        using TensorHandle particles = memory.Tensor(type, [2], [16]);
        using TensorHandle step = memory.Tensor(type, [], [], offset: 32);
        memory.As<float>(12)[8] = 1.5f;
        memory.As<float>(12)[9] = -2;
        _module.Kernel("Move").Launch(new LaunchOptions { Engine = engine }, step, particles);
        Assert.Equal([1.5f, -2, 0, 0, 1.5f, -2, 0, 0], memory.As<float>(8).ToArray());
    }

    [Fact]
    public void TensorsThatDoNotFitAreRefusedByName()
    {
        var memory = new HostMemory(256);
        using TensorHandle good = memory.Tensor(DType.Float32, [4, 3], [12, 4]);
        using TensorHandle doubles = memory.Tensor(DType.Float64, [4, 3], [24, 8]);
        using TensorHandle gaps = memory.Tensor(DType.Float32, [4, 3], [24, 8]);
        using TensorHandle readOnly = memory.Tensor(DType.Float32, [4, 3], [12, 4], isReadOnly: true);
        using TensorHandle odd = memory.Tensor(DType.Float32, [4, 3], [12, 4], offset: 2);
        using TensorHandle swapped = memory.Tensor(DType.Parse(">f4"), [4, 3], [12, 4]);
        using var device = new TensorHandle(new TensorDescriptor(4096, DType.Float32, Layout.Contiguous([4, 3], 4), Device.Cuda()));
        ModuleKernel saxpy = _module.Kernel("Saxpy");
        Assert.Matches(
            @"^argument 3 'y': expected tensor\[float32, \(\*\), cpu(\|cuda:\d)*\], got tensor\[float64, \(4, 3\), cpu\]$",
            Assert.Throws<TensorLayoutException>(() => saxpy.Launch(1, good, doubles)).Message);
        Refused("dense in C order", gaps);
        Refused("may write", readOnly);
        Refused("not aligned", odd);
        Refused("swapped", swapped);
        Assert.Contains("different devices", Assert.Throws<TensorDeviceException>(() => saxpy.Launch(1, good, device)).Message);
        Assert.Contains("cuda:0", Assert.Throws<TensorDeviceException>(() => saxpy.Launch(1, device, device)).Message);
        Assert.Equal(0, memory.As<float>(64).ToArray().Sum());

        void Refused(string part, TensorHandle y) =>
            Assert.Contains(part, Assert.Throws<TensorLayoutException>(() => saxpy.Launch(1, good, y)).Message);
    }

    [Fact]
    public void ReadOnlyViewsTakeReadOnlyTensors()
    {
        var memory = new HostMemory(32);
        memory.As<float>(8).Fill(3);
        memory.As<float>(8)[4..].Clear();
        using TensorHandle x = memory.Tensor(DType.Float32, [4], [4], isReadOnly: true);
        using TensorHandle y = memory.Tensor(DType.Float32, [4], [4], offset: 16);
        _module.Kernel("BridgeKernels.Copy").Launch(x, y);
        Assert.Equal(24, memory.As<float>(8).ToArray().Sum());
    }

    [Theory, MemberData(nameof(Engines))]
    public void DenseParametersGoThroughACopyAndBack(KernelEngine engine)
    {
        var memory = new HostMemory(24);
        using TensorHandle gaps = memory.Tensor(DType.Int32, [3], [8]);
        using TensorHandle dense = memory.Tensor(DType.Int32, [3], [4]);
        ModuleKernel kernel = _module.Kernel("BridgeKernels.Count");
        kernel.Launch(new LaunchOptions { Engine = engine }, gaps);
        Assert.Equal([0, 0, 1, 0, 2, 0], memory.As<int>(6).ToArray());
        kernel.Launch(new LaunchOptions { Engine = engine }, dense);
        Assert.Equal([0, 1, 2, 0, 2, 0], memory.As<int>(6).ToArray());
    }

    [Theory, MemberData(nameof(Engines))]
    public void EmptyTensorsLaunchNothing(KernelEngine engine)
    {
        using var empty = new TensorHandle(new TensorDescriptor(0, DType.Float32, Layout.Contiguous([0, 3], 4), Device.Cpu));
        _module.Kernel("Saxpy").Launch(new LaunchOptions { Engine = engine }, 1, empty, empty);
        _module.Kernel("Saxpy2D").Launch(new LaunchOptions { Engine = engine }, 1, empty, empty);
    }

    [Fact]
    public void GroupedKernelsRunByGridAndGroup()
    {
        var memory = new HostMemory(256);
        for (int i = 0; i < 64; i++)
            memory.As<int>(64)[i] = i;
        using TensorHandle view = memory.Tensor(DType.Int32, [64], [4]);
        ModuleKernel kernel = _module.Kernel("ReverseGroups");
        Assert.Contains("give the grid and the group", Assert.Throws<TensorLayoutException>(() => kernel.Launch(view)).Message);
        var options = new LaunchOptions { Grid = new Index3D(2, 1, 1), Group = new Index3D(32, 1, 1) };
        kernel.Launch(options, view);
        Assert.Equal([.. Enumerable.Range(0, 32).Reverse(), .. Enumerable.Range(32, 32).Reverse()], memory.As<int>(64).ToArray());
        Assert.Throws<IndexOutOfRangeException>(() => kernel.Launch(options with { Group = new Index3D(1024, 1, 1) }, view));
        Assert.Contains("exceeds the 1024 threads", Assert.Throws<TensorLayoutException>(() => kernel.Launch(options with { Group = new Index3D(1025, 1, 1) }, view)).Message);
        Assert.Throws<TensorLayoutException>(() => kernel.Launch(options with { Grid = new Index3D(0, 1, 1) }, view));
        Assert.Throws<TensorUnsupportedException>(() => kernel.Launch(options with { Engine = KernelEngine.Host }, view));
        Assert.Throws<TensorLayoutException>(() => _module.Kernel("Divide").Launch(options, 1, view));
    }

    [Theory]
    [InlineData("Saxpy", null)]
    [InlineData("Mandelbrot", null)]
    [InlineData("Negate", null)]
    [InlineData("Lookup", null)]
    [InlineData("AddSpecialized", null)]
    [InlineData("ReverseGroups", "explicitly grouped")]
    [InlineData("IndexedBarrier", "Group.IdxX")]
    [InlineData("UsesLocalMemory", "LocalMemory.Allocate1D")]
    public void ElementWiseKernelsAreRecognised(string name, string? refusal)
    {
        string? found = _module.Kernel(name).HostEngineRefusal;
        if (refusal is null)
            Assert.Null(found);
        else
            Assert.Contains(refusal, found);
    }

    [Fact]
    public void KernelsThatAreNotElementWiseRunOnTheEmulator()
    {
        var memory = new HostMemory(256);
        using TensorHandle view = memory.Tensor(DType.Int32, [64], [4]);
        _module.Kernel("UsesLocalMemory").Launch(view);
        Assert.Equal(Enumerable.Range(0, 64), memory.As<int>(64).ToArray());
        _module.Kernel("IndexedBarrier").Launch(view);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i % 32), memory.As<int>(64).ToArray());
    }

    [Fact]
    public void ExportedHostMethodsAreCalled()
    {
        var memory = new HostMemory(16);
        for (int i = 0; i < 4; i++)
            memory.As<int>(4)[i] = i;
        TensorHandle a = memory.Tensor(DType.Int32, [4], [4]);
        using var reversed = (TensorHandle)_module.Kernel("Reversed").Launch(a)!;
        Assert.Equal(memory.Address + 12, reversed.Data);
        Assert.Equal([-4], reversed.ByteStrides.ToArray());
        a.Dispose();
        Assert.Equal(0, memory.Released);
        reversed.Dispose();
        Assert.Equal(1, memory.Released);
        Assert.Equal("n 3 2.5!", _module.Kernel("Describe").Launch("n", 3, 2.5, true));
        Assert.Equal("as asked", Assert.Throws<TensorLayoutException>(() => _module.Kernel("Fail").Launch()).Message);
        Assert.Equal("argument 2 'count': expected int32, got float 0.5", Assert.Throws<TensorFormatException>(() => _module.Kernel("Describe").Launch("n", 0.5, 2.5, true)).Message);
        Assert.Throws<TensorFormatException>(() => _module.Kernel("Describe").Launch("n", 3, 2.5, 1));
    }

    [Fact]
    public void NamesThatMeanNoKernelSayWhy()
    {
        Assert.Contains("it has: ", Assert.Throws<KeyNotFoundException>(() => _module.Kernel("Nothing")).Message);
        Assert.Contains("returns void", Assert.Throws<KeyNotFoundException>(() => _module.Kernel("NoKernel")).Message);
        KeyNotFoundException several = Assert.Throws<KeyNotFoundException>(() => _module.Kernel("Twice"));
        Assert.Contains("names 2 kernels", several.Message);
        Assert.Equal("MyKernels.Twice", _module.Kernel("MyKernels.Twice(view: tensor[int32, (*)]) over Index1D").Name);
    }

    [Fact]
    public void AKernelThatDoesNotCompileSpoilsNoOther()
    {
        var memory = new HostMemory(16);
        using TensorHandle view = memory.Tensor(DType.Int32, [4], [4]);
        var emulator = new LaunchOptions { Engine = KernelEngine.Emulator };
        _module.Kernel("Divide").Launch(emulator, 1, view);
        for (int i = 0; i < 3; i++)
            Assert.Contains("cannot compile MyKernels.DoesNotCompile", Assert.Throws<TensorUnsupportedException>(() => _module.Kernel("DoesNotCompile").Launch(emulator, view)).Message);
        _module.Kernel("AddSpecialized").Launch(emulator, 1, view);
        _module.Kernel("Divide").Launch(emulator, 1, view);
        Assert.Equal([1, 1, 1, 1], memory.As<int>(4).ToArray());
    }

    [Fact]
    public void FilesThatAreNoKernelAssembliesAreRefused()
    {
        Assert.Throws<FileNotFoundException>(() => KernelModule.Load("/nowhere/Missing.dll"));
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "not an assembly");
        Assert.Contains("no .NET assembly", Assert.Throws<TensorFormatException>(() => KernelModule.Load(file)).Message);
        File.Delete(file);
    }

    [Fact]
    public void IlgpuIsThisProcessesOwnAlthoughOneStandsBeside()
    {
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(Samples.Kernels)!, "ILGPU.dll")));
        Assert.Equal(typeof(ArrayView<float>), _module.Kernel("Saxpy").Parameters[1].Type);
        Assert.Equal(typeof(StridedView<int, Rank2>), _module.Kernel("Negate").Parameters[0].Type);
    }

    [Fact]
    public void AnUnloadedModuleIsGone()
    {
        WeakReference assembly = LoadUseAndUnload(out ModuleKernel kernel);
        for (int i = 0; i < 20 && assembly.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }

        Assert.False(assembly.IsAlive);
        Assert.Throws<ObjectDisposedException>(() => kernel.Launch(1));
        Assert.Equal("MyKernels.Divide", kernel.Name);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadUseAndUnload(out ModuleKernel kernel)
    {
        using KernelModule module = KernelModule.Load(Samples.Kernels);
        var memory = new HostMemory(64);
        using TensorHandle view = memory.Tensor(DType.Int32, [4], [4]);
        kernel = module.Kernel("Divide");
        kernel.Launch(1, view);
        kernel.Launch(new LaunchOptions { Engine = KernelEngine.Emulator }, 1, view);
        Assert.Throws<IndexOutOfRangeException>(() => module.Kernel("Poke").Launch(-1, view));
        foreach (KernelEngine engine in new[] { KernelEngine.Host, KernelEngine.Emulator })
            Assert.Throws<IndexOutOfRangeException>(() => module.Kernel("PartByHelpers").Launch(new LaunchOptions { Engine = engine }, 1, long.MaxValue, view));
        Type particle = module.Kernel("Move").Parameters[0].Type;
        Assert.Equal(16, Marshal.SizeOf(particle));
        return new WeakReference(particle.Assembly);
    }
}
