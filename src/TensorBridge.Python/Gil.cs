using TensorBridge.Python.Hosting;
using TensorBridge.Python.Native;

namespace TensorBridge.Python;

/// <summary>Holds Python's global interpreter lock until disposed. Nests; works on any thread.</summary>
/// <example><code>using (Gil.Acquire()) { … }</code></example>
public readonly unsafe ref struct Gil
{
    private readonly CPython? _python;
    private readonly int _state;

    private Gil(CPython python)
    {
        _python = python;
        _state = python.EnsureGil();
    }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="InvalidOperationException">No interpreter runs in this process.</exception>
    public static Gil Acquire()
    {
        CPython python = PythonRuntime.Python;
        var gil = new Gil(python);
        PendingReferences.Drain(python);
        if (NativeCore.IsLoaded)
            NativeCore.Api->DrainReleases();
        return gil;
    }

    /// <summary>Lets the lock go.</summary>
    public void Dispose()
    {
        if (_python is not null)
            _python.ReleaseGil(_state);
    }
}
