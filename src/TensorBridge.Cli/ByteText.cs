using System.Globalization;

namespace TensorBridge.Cli;

/// <summary>Amounts of bytes for people, in decimal units.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary><c>12 B</c>, <c>1.5 GB</c>.</summary>
    public static string Format(long bytes)
    {
        double amount = bytes;
        int unit = 0;
        for (; amount >= 1000 && unit < Units.Length - 1; unit++)
            amount /= 1000;
        return $"{amount.ToString(unit == 0 ? "F0" : "F1", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
