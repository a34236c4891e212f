namespace TensorBridge;

/// <summary>Opens the files behind .npy tensors.</summary>
internal static class NpyFile
{
    /// <summary>How messages call a file.</summary>
    public static string Name(string path) => $"'{path}'";

    /// <summary>Opens a regular file that exists.</summary>
    /// <exception cref="TensorUnsupportedException">The path is a pipe, a socket or a device, which have no length and cannot be mapped.</exception>
    public static FileStream OpenExisting(string path, FileAccess access)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Opening a pipe would wait for its other end.
        if (!FileKind.IsRegularOrMissing(path) && !Directory.Exists(path))
            throw new TensorUnsupportedException($"{Name(path)} is no regular file; read pipes and devices with Npy.Load");
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = access,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        });
    }
}
