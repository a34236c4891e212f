namespace TensorBridge.Accelerators;

/// <summary>Transparent huge pages: without them a large fresh output spends most of its time in page faults.</summary>
internal static class HugePageCheck
{
    private const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";

    public static IEnumerable<DiagnosisLine> Look()
    {
        if (!File.Exists(Setting))
        {
            yield return DiagnosisLine.Warning("huge pages", "the kernel has no transparent huge pages, or hides the setting", "large copies are slower by their page faults; reuse outputs where you can");
            yield break;
        }

        string chosen = Chosen(File.ReadAllText(Setting));
        yield return chosen == "never"
            ? DiagnosisLine.Warning("huge pages", "switched off (never)", $"as root: echo madvise > {Setting}")
            : DiagnosisLine.Ok("huge pages", $"{chosen}: outputs from 2 MiB up ask for them");
    }

    /// <summary>The word in brackets: <c>always [madvise] never</c>.</summary>
    internal static string Chosen(string setting)
    {
        int open = setting.IndexOf('[', StringComparison.Ordinal);
        int close = setting.IndexOf(']', StringComparison.Ordinal);
        return open >= 0 && close > open ? setting[(open + 1)..close] : setting.Trim();
    }
}
