namespace TensorBridge;

/// <summary>A file under construction beside the one it will replace: readers see the old file or the finished new one, never a part.</summary>
/// <remarks>Whoever has the old file mapped keeps it whole. The replacement is atomic for other processes, not against power failure.</remarks>
internal sealed class ReplacedFile : IDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private bool _isCommitted;

    /// <param name="path">The file to make or replace; a link is followed.</param>
    public ReplacedFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _target = new FileInfo(path).LinkTarget is null
            ? Path.GetFullPath(path)
            : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        string folder = Path.GetDirectoryName(_target) ?? throw new IOException($"'{path}' is a folder");
        _temporary = Path.Combine(folder, $".{Path.GetFileName(_target)}.{Guid.NewGuid():N}.tmp");
    }

    /// <summary>Makes the new file.</summary>
    /// <param name="length">Bytes to reserve, so that a full disk is an error now and not a fault when a mapped page is touched.</param>
    /// <exception cref="IOException">The folder is missing or the disk is full.</exception>
    public FileStream Create(long length)
    {
        var file = new FileStream(_temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = length,
        });
        try
        {
            if (!OperatingSystem.IsWindows() && File.Exists(_target))
                File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(_target));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Puts the new file in the old one's place.</summary>
    public void Commit()
    {
        File.Move(_temporary, _target, overwrite: true);
        _isCommitted = true;
    }

    /// <summary>Deletes the new file if it was not committed.</summary>
    public void Dispose()
    {
        if (!_isCommitted)
            File.Delete(_temporary);
    }
}
