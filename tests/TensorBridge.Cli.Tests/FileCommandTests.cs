using System.Runtime.InteropServices;
using TensorBridge.Copying;

namespace TensorBridge.Cli.Tests;

public sealed unsafe class FileCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tensorbridge-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void InspectShowsHeaderValuesAndStatistics()
    {
        string path = Make("a.npy", DType.Float32, [2, 3], [float.NaN, 0.1f, -2, 3, float.PositiveInfinity, 1]);
        string output = Tool.Succeed("inspect", path);
        Assert.Contains("float32 ('<f4')", output, StringComparison.Ordinal);
        Assert.Contains("shape    (2, 3), C order", output, StringComparison.Ordinal);
        Assert.Contains("nan", output, StringComparison.Ordinal);
        Assert.Contains("min -2, max Infinity, mean Infinity, NaN 1, infinite 1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("min", Tool.Succeed("inspect", path, "--header"), StringComparison.Ordinal);
    }

    [Fact]
    public void StatisticsKeepTheFullRangeOfIntegersAndTheShortFormOfFloats()
    {
        Assert.Contains("min -9223372036854775808, max 9223372036854775807, mean -0.5", Tool.Succeed("inspect", Make<long>("i.npy", DType.Int64, [2], [long.MinValue, long.MaxValue])), StringComparison.Ordinal);
        Assert.Contains("max 18446744073709551615", Tool.Succeed("inspect", Make<ulong>("u.npy", DType.UInt64, [2], [0, ulong.MaxValue])), StringComparison.Ordinal);
        Assert.Contains("min 0.1, max 0.2,", Tool.Succeed("inspect", Make<float>("f.npy", DType.Float32, [2], [0.1f, 0.2f])), StringComparison.Ordinal);
        Assert.Contains("True 2, False 1", Tool.Succeed("inspect", Make<byte>("b.npy", DType.Boolean, [3], [1, 0, 1])), StringComparison.Ordinal);
        Assert.Contains("min 1960-02-03, max 1970-01-02, NaT 1", Tool.Succeed("inspect", Make<long>("d.npy", DType.DateTime64(new DateTimeUnit("D")), [3], [1, long.MinValue, -3620])), StringComparison.Ordinal);
    }

    [Fact]
    public void ConvertChangesOrderTypeAndByteOrder()
    {
        string path = Make<int>("a.npy", DType.Int32, [2, 3], [0, 1, 2, 3, 4, 5]);
        string target = Path.Combine(_folder.FullName, "b.npy");
        Tool.Succeed("convert", path, target, "--order", "F", "--dtype", "<f2", "--casting", "unsafe");
        Assert.Equal([(Half)0, (Half)3, (Half)1, (Half)4, (Half)2, (Half)5], Items<Half>(target, "<f2", Order.F));
        Tool.Succeed("convert", target, target, "--dtype", "float64", "--byte-order", "big", "--order", "C");
        using TensorHandle big = Npy.Open(target);
        Assert.Equal(">f8", big.DType.TypeString);
        using TensorHandle native = TensorCopy.Cast(big, DType.Int32);
        Assert.Equal([0, 1, 2, 3, 4, 5], new ReadOnlySpan<int>((void*)native.Data, 6).ToArray());
    }

    [Fact]
    public void ErrorsAreOneLineAndNameTheCure()
    {
        string path = Make<float>("a.npy", DType.Float32, [3], [1, 2, 3]);
        string target = Path.Combine(_folder.FullName, "b.npy");
        Assert.Contains("same_kind", Tool.Fail("convert", path, target, "--dtype", "i4"), StringComparison.Ordinal);
        Assert.Contains("'f9x'", Tool.Fail("convert", path, target, "--dtype", "f9x"), StringComparison.Ordinal);
        Assert.False(File.Exists(target));
        Assert.Contains("none.npy", Tool.Fail("inspect", Path.Combine(_folder.FullName, "none.npy")), StringComparison.Ordinal);
        File.WriteAllText(target, "not a tensor");
        Assert.Contains("not a .npy file", Tool.Fail("inspect", target), StringComparison.Ordinal);
    }

    [Fact]
    public void ExplainNeedsNoFile()
    {
        string output = Tool.Succeed("explain", "--shape", "3,4", "--strides=-8,24", "--typestr", "<f8", "--to-typestr", ">f4", "--order", "F");
        Assert.Contains("tensor[float64, (3, 4), cpu, strides (-8, 24)] -> tensor[>f4, (3, 4), cpu, strides (4, 12)]", output, StringComparison.Ordinal);
        Assert.Contains("axis 0", output, StringComparison.Ordinal);
        Assert.Contains("--shape", Tool.Fail("explain", "--shape", "3,x"), StringComparison.Ordinal);
        Assert.Contains("strides", Tool.Fail("explain", "--shape", "3,4", "--strides", "8"), StringComparison.Ordinal);
    }

    private string Make<T>(string name, DType type, ReadOnlySpan<long> shape, ReadOnlySpan<T> items)
        where T : unmanaged
    {
        string path = Path.Combine(_folder.FullName, name);
        using TensorHandle tensor = Npy.Create(path, type, shape);
        MemoryMarshal.AsBytes(items).CopyTo(new Span<byte>((void*)tensor.Data, items.Length * sizeof(T)));
        return path;
    }

    private static T[] Items<T>(string path, string typestr, Order order)
        where T : unmanaged
    {
        using TensorHandle tensor = Npy.Open(path);
        Assert.Equal(typestr, tensor.DType.TypeString);
        Assert.True(tensor.Layout.IsContiguous(order));
        return new ReadOnlySpan<T>((void*)tensor.Data, (int)tensor.ElementCount).ToArray();
    }
}
