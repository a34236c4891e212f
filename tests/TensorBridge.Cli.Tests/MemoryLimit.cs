namespace TensorBridge.Cli.Tests;

/// <summary>A control group that gives its processes so much memory and no more, page cache included. Needs root and Linux's memory controller.</summary>
internal sealed class MemoryLimit : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _folder;
    private readonly bool _isUnified;

    private MemoryLimit(string folder, bool isUnified)
    {
        _folder = folder;
        _isUnified = isUnified;
    }

    /// <summary>A line of shell that puts the shell, and what it becomes, under the limit.</summary>
    public string Enter => $"echo $$ > '{_folder}/cgroup.procs'";

    /// <summary>The most that was in use at once, in bytes; null where the system does not say.</summary>
    public long? Peak => File.Exists(PeakFile) ? long.Parse(File.ReadAllText(PeakFile)) : null;

    private string PeakFile => Path.Combine(_folder, _isUnified ? "memory.peak" : "memory.max_usage_in_bytes");

    /// <summary>Makes one, or says why that is impossible here.</summary>
    public static MemoryLimit? Create(long bytes, out string reason)
    {
        bool isUnified = File.Exists($"{Root}/cgroup.controllers");
        string folder = Path.Combine(isUnified ? Root : Root + "/memory", $"tensorbridge-{Environment.ProcessId}-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            var limit = new MemoryLimit(folder, isUnified);
            reason = string.Empty;
            try
            {
                File.WriteAllText(Path.Combine(folder, isUnified ? "memory.max" : "memory.limit_in_bytes"), $"{bytes}");
                return limit;
            }
            catch
            {
                limit.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = $"no memory control group can be made here: {error.Message}";
            return null;
        }
    }

    /// <summary>The kernel removes a group when its last process is gone.</summary>
    public void Dispose() => Directory.Delete(_folder);
}
