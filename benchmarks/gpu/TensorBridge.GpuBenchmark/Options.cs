using System.Globalization;

namespace TensorBridge.GpuBenchmark;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        TensorBridge.GpuBenchmark [OPTIONS]: copies on one CUDA device, as fractions of memcpy
          --mib N            payload of a copy in MiB, fractions allowed (256)
          --launches N       launches between two events (20)
          --rounds N         rounds, of which the median counts (7)
          --permutations N   random permutations of each rank from 2 to 8 (3)
          --filter TEXT      only cases whose name and type contain it
          --seconds N        no further case is begun after that time (unlimited)
          --out FILE         where the figures go, after every case (tensorbridge.json)
          --list FILE        write the cases as JSON instead; needs no GPU
          --interpreter DLL  on the driver stand-in: the assembly that executes kernels
        Exit code: 0, 3 when a result is wrong, 77 without a CUDA device.
        """;

    public long Payload { get; init; } = 256L << 20;

    public int Launches { get; init; } = 20;

    public int Rounds { get; init; } = 7;

    public int Permutations { get; init; } = 3;

    public string Filter { get; init; } = "";

    public double Seconds { get; init; } = double.PositiveInfinity;

    public string File { get; init; } = "tensorbridge.json";

    public string? List { get; init; }

    public string? Interpreter { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">An option is unknown or has no value, or its value is no number.</exception>
    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Length ? arguments[i + 1] : throw new FormatException($"{name} needs a value");
            options = name switch
            {
                "--mib" => options with { Payload = (long)(Number(name, value) * (1 << 20)) },
                "--launches" => options with { Launches = (int)Number(name, value) },
                "--rounds" => options with { Rounds = (int)Number(name, value) },
                "--permutations" => options with { Permutations = (int)Number(name, value) },
                "--filter" => options with { Filter = value },
                "--seconds" => options with { Seconds = Number(name, value) },
                "--out" => options with { File = value },
                "--list" => options with { List = value },
                "--interpreter" => options with { Interpreter = value },
                _ => throw new FormatException($"there is no option '{name}'"),
            };
        }

        return options;
    }

    private static double Number(string name, string value) => double.TryParse(value, CultureInfo.InvariantCulture, out double number) && number >= 0
        ? number
        : throw new FormatException($"{name} is '{value}'; give a number, 0 or more");
}
