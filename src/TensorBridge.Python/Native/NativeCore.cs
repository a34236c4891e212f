using TensorBridge.Interop;

namespace TensorBridge.Python.Native;

/// <summary>The core library of this process, once either side has brought it.</summary>
internal static unsafe class NativeCore
{
    private static NativeApi* _api;

    /// <summary>True once the core library is known.</summary>
    public static bool IsLoaded => _api is not null;

    /// <summary>The core library's table.</summary>
    /// <exception cref="InvalidOperationException">Neither Python nor <see cref="PythonRuntime"/> has brought the library.</exception>
    public static NativeApi* Api => _api is not null
        ? _api
        : throw new InvalidOperationException("libtensorbridge is not loaded: call PythonRuntime.Start first");

    /// <summary>Takes the table and registers the managed one.</summary>
    /// <exception cref="InvalidOperationException">The library and this assembly do not fit together.</exception>
    public static void Adopt(NativeApi* api, ManagedApi* managed)
    {
        if (NativeApi.Check(api) is string problem)
            throw new InvalidOperationException(problem);
        _api = api;
        if (api->RegisterManaged(managed) != 0)
            throw new InvalidOperationException("libtensorbridge refused the managed table: its size is another one");
    }

    /// <summary>The extension module's table.</summary>
    /// <exception cref="InvalidOperationException">The module has not been imported.</exception>
    public static PythonApi* Python
    {
        get
        {
            PythonApi* python = Api->Python();
            return python is not null
                ? python
                : throw new InvalidOperationException("the Python module tensorbridge is not imported: call PythonRuntime.Start first");
        }
    }
}
