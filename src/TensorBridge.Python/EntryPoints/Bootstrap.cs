using System.Runtime.InteropServices;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.EntryPoints;

/// <summary>Where Python enters when it starts .NET.</summary>
internal static unsafe class Bootstrap
{
    /// <summary>Checks that both sides were built together and registers the managed functions.</summary>
    /// <param name="native">The core library's table.</param>
    /// <param name="error">Takes the reason of a failure.</param>
    /// <returns>0, or -1 with an error.</returns>
    [UnmanagedCallersOnly]
    public static int Start(NativeApi* native, RawError* error)
    {
        try
        {
            ManagedTable.Register(native);
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorMapping.Report(error, exception);
        }
    }
}
