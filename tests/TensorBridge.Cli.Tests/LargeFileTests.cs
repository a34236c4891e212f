using System.Diagnostics;

namespace TensorBridge.Cli.Tests;

/// <summary>Files larger than the memory that the tool may use. The input is a file of holes, which costs no disk.</summary>
public sealed unsafe class LargeFileTests : IDisposable
{
    private const int Rows = 16384;
    private const int Columns = 8192;
    private const long Bytes = (long)Rows * Columns * sizeof(float);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tensorbridge-large-");

    private string Input => Path.Combine(_folder.FullName, "in.npy");

    private string Output => Path.Combine(_folder.FullName, "out.npy");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(160, "--dtype", ">f4")]
    [InlineData(320, "--order", "F", "--dtype", "<f2")]
    public void ConvertNeedsLessMemoryThanTheFileHas(int megabytes, params string[] options)
    {
        using MemoryLimit? limit = MemoryLimit.Create((long)megabytes << 20, out string reason);
        Assert.SkipWhen(limit is null, reason);
        WriteInput();
        (int code, string output, string errors) = Tool.RunAfter(limit!.Enter, ["convert", Input, Output, .. options]);
        Assert.True(code == 0, $"exit code {code}: {errors}{output}");
        CheckOutput();
        Assert.True(limit.Peak is null || limit.Peak < Bytes);
    }

    [Fact]
    public void ConvertKeepsNothingOfTheFileInMemoryOfItsOwn()
    {
        WriteInput();
        using Process process = Tool.StartQuietly("convert", Input, Output, "--order", "F", "--dtype", "<f2");
        long most = 0;
        while (!process.WaitForExit(5))
            most = Math.Max(most, AnonymousBytes(process.Id));
        Assert.Equal(0, process.ExitCode);
        CheckOutput();
        Assert.InRange(most, 1 << 20, Bytes / 3);
    }

    private void WriteInput()
    {
        using TensorHandle tensor = Npy.Create(Input, DType.Float32, [Rows, Columns]);
        ((float*)tensor.Data)[1] = 5;
        ((float*)tensor.Data)[((long)(Rows - 1) * Columns) + 3] = 7;
    }

    private void CheckOutput()
    {
        using TensorHandle tensor = Npy.Open(Output);
        Assert.Equal([Rows, Columns], tensor.Shape.ToArray());
        Assert.Equal(5, ValueAt(tensor, 0, 1));
        Assert.Equal(7, ValueAt(tensor, Rows - 1, 3));
        Assert.Equal(0, ValueAt(tensor, Rows - 1, Columns - 1));
    }

    private static double ValueAt(TensorHandle tensor, long row, long column)
    {
        using TensorHandle element = tensor[row, column];
        using TensorHandle value = Copying.TensorCopy.Cast(element, DType.Float64);
        return *(double*)value.Data;
    }

    // Pages of files are not counted: those the system takes back when it needs them.
    private static long AnonymousBytes(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) << 10;
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }
}
