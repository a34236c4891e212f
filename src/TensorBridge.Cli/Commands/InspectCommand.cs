using System.CommandLine;

namespace TensorBridge.Cli.Commands;

/// <summary><c>tensorbridge inspect</c>: what is in a .npy file.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("FILE.npy") { Description = "The file. It is mapped, not loaded: it may be larger than memory." };
        var headerOnly = new Option<bool>("--header") { Description = "Only the header: no values, no statistics, the data are not read." };
        var command = new Command("inspect", "Show what a .npy file holds: header, element type, shape, first values, statistics.") { path, headerOnly };
        command.SetAction((parsed, cancellation) => CommandRunner.RunLong(() => Inspect(parsed.GetValue(path)!, parsed.GetValue(headerOnly), cancellation)));
        return command;
    }

    private static int Inspect(string path, bool headerOnly, CancellationToken cancellation)
    {
        NpyHeader header = NpyHeader.Read(path);
        WriteHeader(path, header);
        if (headerOnly)
            return 0;
        using TensorHandle tensor = Npy.Open(path);
        Console.WriteLine(tensor.ToText());
        using var bar = new ProgressBar();
        IReadOnlyList<string> facts = TensorFacts.Of(tensor, bar.Report, cancellation).Facts;
        bar.Dispose();
        if (facts.Count > 0)
            Console.WriteLine(string.Join(", ", facts));
        return 0;
    }

    private static void WriteHeader(string path, NpyHeader header)
    {
        DType type = header.DType;
        string order = type.ByteOrder switch { ByteOrder.Little => ", little-endian", ByteOrder.Big => ", big-endian", _ => string.Empty };
        Console.WriteLine(path);
        Console.WriteLine($"  format   .npy {header.Version}.0, data from byte {header.DataOffset}");
        Console.WriteLine($"  type     {type.Name} ('{type.TypeString}'), {type.ItemSize} byte{(type.ItemSize == 1 ? string.Empty : "s")} an item{order}");
        foreach (RecordField field in type.Fields)
            Console.WriteLine($"    at {field.Offset,4}  {field.Name}  {field.Type}{(field.Shape.IsEmpty ? string.Empty : " x " + TensorText.Tuple([.. field.Shape.Select(length => (long)length)]))}");
        Console.WriteLine($"  shape    {TensorText.Tuple(header.Layout.Shape)}, {(header.Order == Order.F ? "Fortran" : "C")} order");
        Console.WriteLine($"  size     {header.Layout.ElementCount} items, {ByteText.Format(header.Layout.PayloadBytes)}");
    }
}
