using TensorBridge.Accelerators.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>What every kernel's PTX must be like, without a GPU and without NVIDIA's tools.</summary>
public sealed class PtxGateTests
{
    public static IEnumerable<TheoryDataRow<string>> Names => KernelListing.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void AccessesAreGlobalWideAndInFlightTogether(string name)
    {
        string text = KernelListing.Ptx(name);
        var ptx = new PtxText(text);
        // Generic accesses cannot be reordered against shared memory; local memory and 64-bit divisions are slow.
        Assert.DoesNotMatch(@"(?m)^\s*\.local", text);
        Assert.All(ptx.Opcodes, opcode =>
        {
            Assert.DoesNotMatch(@"^(ld|st)\.(v[24]\.)?[bfsu]\d", opcode);
            Assert.DoesNotContain(".local", opcode);
            Assert.DoesNotMatch(@"^(div|rem)\.[us]64", opcode);
        });

        KernelEntry entry = KernelEntries.All.Single(each => each.Name == name);
        // The channel kernels store in loops: their whole text is looked at.
        bool loops = MachineCode.Loops(entry);
        IReadOnlyList<string> path = loops ? [.. ptx.Opcodes] : ptx.MainPath(entry.StoredBytes);
        // Shared memory does not hold global loads back: the assembler batches them (see the machine-code gate). A global store would.
        int together = path.TakeWhile(opcode => !opcode.StartsWith("st.global", StringComparison.Ordinal)).Count(opcode => opcode.StartsWith("ld.global", StringComparison.Ordinal));
        if (loops)
            together = ptx.Opcodes.Count(opcode => opcode.StartsWith("ld.global", StringComparison.Ordinal));
        Assert.InRange(together, entry.Kernel == typeof(Fill) || entry.Kernel == typeof(FillSteps) ? 0 : entry.Kernel == typeof(Replicate) ? 1 : 4, int.MaxValue);
        (bool loads, bool stores) = Promised(entry);
        int wideLoads = path.Count(opcode => IsWide(opcode, "ld"));
        int wideStores = path.Count(opcode => IsWide(opcode, "st"));
        Assert.Equal(loads ? entry.Kernel == typeof(Replicate) ? 1 : 4 : 0, wideLoads);
        Assert.Equal(stores ? entry.StoredBytes / 16 : 0, wideStores);
    }

    /// <summary>Whatever the engine can launch has this form; a family left out of the list would escape every gate.</summary>
    [Fact]
    public void EveryFamilyIsListed() =>
        Assert.Equal(
            typeof(KernelEntry).Assembly.GetTypes().Where(IsKernel).Select(type => type.Name).Order(),
            KernelEntries.All.Select(entry => entry.Kernel.Name).Distinct().Order());

    private static bool IsKernel(Type type) =>
        type is { IsAbstract: true, IsSealed: true } && type.GetMethod("Run") is { IsGenericMethodDefinition: true } run
        && run.GetParameters() is [var source, var destination, var shape, _] && IsView(source.ParameterType) && IsView(destination.ParameterType)
        && typeof(IKernelShape).IsAssignableFrom(shape.ParameterType);

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILGPU.ArrayView<>);

    [Fact]
    public void ArchitecturesAreParsed()
    {
        Assert.Contains(".target sm_70", KernelListing.Ptx("Rows16", "sm_70"));
        Assert.Throws<ArgumentException>(() => KernelListing.Ptx("Rows16", "sm_x"));
        Assert.Throws<ArgumentException>(() => KernelListing.Ptx("Rows16", "80"));
        Assert.Contains("Tile4", Assert.Throws<ArgumentException>(() => KernelListing.Ptx("Tile5")).Message);
    }

    [Fact]
    public void TheListingIsWritten()
    {
        string folder = Path.Combine(Path.GetTempPath(), "tensorbridge-ptx-" + Guid.NewGuid().ToString("N"));
        try
        {
            IReadOnlyList<string> files = KernelListing.Write(folder);
            Assert.Equal(KernelListing.Names.Select(name => name + ".ptx"), files.Select(Path.GetFileName));
            Assert.All(files, file => Assert.Contains(".entry", File.ReadAllText(file)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A 16-byte access.</summary>
    private static bool IsWide(string opcode, string kind) =>
        opcode.StartsWith($"{kind}.global.v4.", StringComparison.Ordinal) && opcode.EndsWith("32", StringComparison.Ordinal)
        || (opcode.StartsWith($"{kind}.global.v2.", StringComparison.Ordinal) && opcode.EndsWith("64", StringComparison.Ordinal));

    /// <summary>Which sides move 16 bytes an access.</summary>
    private static (bool Loads, bool Stores) Promised(KernelEntry entry)
    {
        if (entry.Kernel == typeof(Pack) || entry.Kernel == typeof(Replicate))
            return (entry.TypeArguments[0] == typeof(V16), true);
        if (entry.Kernel == typeof(Unpack) || entry.Kernel == typeof(SplitChannels))
            return (true, false);
        if (entry.Kernel == typeof(MergeChannels))
            return (false, true);
        if (entry.Kernel == typeof(Fill))
            return (false, true);
        if (entry.Kernel == typeof(FillSteps))
            return (false, entry.TypeArguments[0] == typeof(V16));
        if (entry.Kernel == typeof(Tile1) || entry.Kernel == typeof(Tile2) || entry.Kernel == typeof(Tile4))
            return (true, true);
        return (IsWide(entry.TypeArguments[0]), IsWide(entry.TypeArguments[1]));
    }

    private static bool IsWide(Type word) => word == typeof(V16) || word == typeof(Quad<uint>) || word == typeof(Duo<ulong>);
}
