using System.Globalization;

namespace TensorBridge.Accelerators;

/// <summary>The limit of the address space (<c>ulimit -v</c>), of which .NET reserves tens of gigabytes at its start.</summary>
internal static class AddressSpaceCheck
{
    private const string Limits = "/proc/self/limits";
    private const long Plenty = 1L << 38;

    public static IEnumerable<DiagnosisLine> Look()
    {
        long? limit = File.Exists(Limits) ? ReadLimit(File.ReadAllLines(Limits)) : null;
        string? heap = Environment.GetEnvironmentVariable("DOTNET_GCHeapHardLimit");
        string bound = heap is null ? string.Empty : $"; DOTNET_GCHeapHardLimit is 0x{heap}";
        yield return limit switch
        {
            null => DiagnosisLine.Ok("address space", $"not limited{bound}"),
            < Plenty when heap is null => DiagnosisLine.Warning("address space", $"limited to {Gigabytes(limit.Value)} (RLIMIT_AS), while .NET reserves about 50 GiB at its start and may fail to",
                "raise the limit (ulimit -v unlimited), or bound the reservation with DOTNET_GCHeapHardLimit=0x40000000 (hexadecimal bytes)"),
            _ => DiagnosisLine.Ok("address space", $"limited to {Gigabytes(limit.Value)} (RLIMIT_AS){bound}"),
        };
    }

    /// <summary>The soft limit in bytes, or null for none.</summary>
    internal static long? ReadLimit(IEnumerable<string> limits)
    {
        const string Name = "Max address space";
        string? line = limits.FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        string? soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
    }

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):F1} GiB");
}
