using System.CommandLine;
using System.Globalization;
using TensorBridge.Copying;

namespace TensorBridge.Cli.Commands;

/// <summary><c>tensorbridge explain</c>: what the copy engine would do, without any memory.</summary>
internal static class ExplainCommand
{
    // Addresses are needed to tell overlap only; nothing is read there.
    private const long SourceAddress = 1L << 44;
    private const long DestinationAddress = 1L << 45;

    public static Command Create()
    {
        var shape = new Option<string>("--shape") { Description = "Lengths of the axes, such as 3,4.", Required = true, HelpName = "N,..." };
        var strides = new Option<string?>("--strides") { Description = "Byte strides of the source, such as 8,24. Default: dense C order.", HelpName = "BYTES,..." };
        var type = new Option<string>("--typestr") { Description = "Element type of the source.", DefaultValueFactory = _ => "<f4", HelpName = "TYPE" };
        var order = new Option<string>("--order") { Description = "Memory order of the destination.", DefaultValueFactory = _ => "C" };
        order.AcceptOnlyFromAmong("C", "F", "K");
        var toStrides = new Option<string?>("--to-strides") { Description = "Byte strides of the destination, in place of --order.", HelpName = "BYTES,..." };
        var toType = new Option<string?>("--to-typestr") { Description = "Element type of the destination. Default: the source's.", HelpName = "TYPE" };
        var command = new Command("explain", "Say how the copy engine would make a copy: conversion, kernel, threads, expected speed. Negative strides: --strides=-8,24.")
        {
            shape, strides, type, order, toStrides, toType,
        };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            TensorDescriptor source = Describe(SourceAddress, parsed.GetValue(type)!, Numbers("--shape", parsed.GetValue(shape)!), Optional("--strides", parsed.GetValue(strides)), Order.C, null);
            TensorDescriptor destination = Describe(DestinationAddress, parsed.GetValue(toType) ?? parsed.GetValue(type)!, source.Shape.ToArray(),
                Optional("--to-strides", parsed.GetValue(toStrides)), Enum.Parse<Order>(parsed.GetValue(order)!), source.Layout);
            return Explain(source, destination);
        }));
        return command;
    }

    private static int Explain(TensorDescriptor source, TensorDescriptor destination)
    {
        using var from = new TensorHandle(source);
        using var to = new TensorHandle(destination);
        Console.WriteLine(TensorCopy.Explain(from, to, new CopyOptions { Casting = CastingRule.Unsafe }));
        return 0;
    }

    private static TensorDescriptor Describe(long address, string typestr, long[] shape, long[]? strides, Order order, Layout? keep)
    {
        DType type = DType.FromName(typestr);
        Layout layout;
        if (strides is not null)
            layout = new Layout(shape, strides, type.ItemSize);
        else if (order == Order.K && keep is not null)
            layout = Rescale(keep.ToContiguous(Order.K), type.ItemSize);
        else
            layout = Layout.Contiguous(shape, type.ItemSize, order);
        // Element 0 is not the lowest address where strides are negative.
        return new TensorDescriptor((nuint)(address - layout.Extent.Low), type, layout, Device.Cpu);
    }

    private static Layout Rescale(Layout dense, int itemSize) =>
        new(dense.Shape, [.. dense.ByteStrides.ToArray().Select(stride => stride / Math.Max(1, dense.ItemSize) * itemSize)], itemSize);

    private static long[]? Optional(string option, string? text) => text is null ? null : Numbers(option, text);

    private static long[] Numbers(string option, string text)
    {
        string[] parts = text.Trim('(', ')', ' ').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Select(part => long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new TensorFormatException($"{option} has '{part}'; write integers with commas, such as 3,4"))];
    }
}
