using System.CommandLine;
using System.Globalization;
using TensorBridge.Copying;

namespace TensorBridge.Cli.Commands;

/// <summary><c>tensorbridge convert</c>: a .npy file in another order, element type or byte order.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN.npy") { Description = "The file to read. It is mapped: it may be larger than memory." };
        var output = new Argument<string>("OUT.npy") { Description = "The file to write; replaced when it is finished, so it may be the input itself." };
        var order = new Option<string>("--order") { Description = "Memory order: C (last axis innermost), F (Fortran), K (as it is).", DefaultValueFactory = _ => "K" };
        order.AcceptOnlyFromAmong("C", "F", "K");
        var type = new Option<string?>("--dtype") { Description = "Element type, as NumPy names or spells it: float32, \"<f2\", \">i4\". Default: as it is.", HelpName = "TYPE" };
        var byteOrder = new Option<string?>("--byte-order") { Description = "Byte order of the result. Default: as it is, or as --dtype says." };
        byteOrder.AcceptOnlyFromAmong("little", "big");
        var casting = new Option<string>("--casting") { Description = "Which conversions are allowed, by NumPy's rules.", DefaultValueFactory = _ => "same_kind" };
        casting.AcceptOnlyFromAmong("no", "equiv", "safe", "same_kind", "unsafe");
        var command = new Command("convert", "Convert a .npy file to another memory order, element type or byte order, streaming.") { input, output, order, type, byteOrder, casting };
        command.SetAction((parsed, cancellation) => CommandRunner.RunLong(() => Convert(
            parsed.GetValue(input)!,
            parsed.GetValue(output)!,
            Enum.Parse<Order>(parsed.GetValue(order)!),
            source => Target(source, parsed.GetValue(type), parsed.GetValue(byteOrder)),
            CastingRules.Parse(parsed.GetValue(casting)!),
            cancellation)));
        return command;
    }

    private static DType Target(DType source, string? name, string? byteOrder)
    {
        DType type = name is null ? source : DType.FromName(name);
        return byteOrder switch
        {
            "little" => type.WithByteOrder(ByteOrder.Little),
            "big" => type.WithByteOrder(ByteOrder.Big),
            _ => type,
        };
    }

    private static int Convert(string input, string output, Order order, Func<DType, DType> target, CastingRule casting, CancellationToken cancellation)
    {
        using TensorHandle source = Npy.Open(input);
        using var bar = new ProgressBar();
        DType type = target(source.DType);
        Npy.Save(output, source, order, type, new CopyOptions { Casting = casting, Progress = bar.Report, Cancellation = cancellation });
        bar.Dispose();
        long bytes = source.ElementCount * type.ItemSize;
        string rate = ByteText.Format((long)(bytes / Math.Max(bar.Elapsed.TotalSeconds, 1e-6)));
        Console.WriteLine($"{input}  {source.DType}, {(NpyHeader.Read(input).Order == Order.F ? "F" : "C")} order");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{output}  {type}, {(NpyHeader.Read(output).Order == Order.F ? "F" : "C")} order: {ByteText.Format(bytes)} in {bar.Elapsed.TotalSeconds:F2} s ({rate}/s)"));
        return 0;
    }
}
