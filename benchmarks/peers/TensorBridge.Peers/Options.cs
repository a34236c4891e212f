using System.Globalization;

namespace TensorBridge.Peers;

/// <summary>The command line.</summary>
internal sealed class Options
{
    public required string Cases { get; init; }

    public required string Output { get; init; }

    public string Filter { get; private set; } = "";

    public string Sizes { get; private set; } = "SMLT";

    public int[] Threads { get; private set; } = [1, 2];

    public bool Fresh { get; private set; } = true;

    public bool TensorSpan { get; private set; } = true;

    public string? InstructionSet { get; private set; }

    public bool HugePages { get; private set; } = true;

    public int Shift { get; private set; }

    public double Effort { get; private set; } = 1;

    public static Options Parse(string[] args)
    {
        var options = new Options { Cases = args[0], Output = args[1] };
        for (int i = 2; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--filter": options.Filter = args[++i]; break;
                case "--sizes": options.Sizes = args[++i]; break;
                case "--threads": options.Threads = [.. args[++i].Split(',').Select(int.Parse)]; break;
                case "--no-fresh": options.Fresh = false; break;
                case "--no-tensorspan": options.TensorSpan = false; break;
                case "--set": options.InstructionSet = args[++i]; break;
                case "--pages": options.HugePages = args[++i] != "small"; break;
                case "--shift": options.Shift = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                case "--effort": options.Effort = double.Parse(args[++i], CultureInfo.InvariantCulture); break;
                default: throw new ArgumentException($"unknown option {args[i]}");
            }
        }
        return options;
    }

    public bool Wants(Case one) => Sizes.Contains(one.Size, StringComparison.Ordinal) && $"{one.Name}/{one.Size}".Contains(Filter, StringComparison.Ordinal);
}
