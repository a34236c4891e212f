using System.Reflection;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.EntryPoints;

/// <summary>Exceptions on their way to Python.</summary>
internal static unsafe class ErrorMapping
{
    /// <summary>Fills an error from an exception.</summary>
    /// <returns>-1, what an entry point answers.</returns>
    public static int Report(RawError* error, Exception exception)
    {
        exception = Unwrap(exception);
        RawErrorKind kind = KindOf(exception);
        string message = exception is PythonException python ? python.PythonMessage : exception.Message;
        if (kind == RawErrorKind.Runtime && exception is not (TensorException or InvalidOperationException or PythonException))
            message = $"{exception.GetType().Name}: {message}";
        error->Set(kind, InPython(message));
        return -1;
    }

    // The ways out that messages name are C# methods; Python has functions for them.
    private static string InPython(string message) => message
        .Replace("ToContiguous()", "tensorbridge.ascontiguousarray(x)", StringComparison.Ordinal)
        .Replace("copy: false", "copy=False", StringComparison.Ordinal);

    private static Exception Unwrap(Exception exception)
    {
        while (exception is TargetInvocationException or TypeInitializationException or AggregateException { InnerExceptions.Count: 1 }
            && exception.InnerException is not null)
            exception = exception.InnerException;
        return exception;
    }

    private static RawErrorKind KindOf(Exception exception) => exception switch
    {
        TensorFormatException format => format.IsWrongType ? RawErrorKind.Type : RawErrorKind.Value,
        TensorUnsupportedException => RawErrorKind.Unsupported,
        TensorLayoutException => RawErrorKind.Value,
        TensorDeviceException => RawErrorKind.Device,
        PythonException python => python.Kind,
        OperationCanceledException => RawErrorKind.KeyboardInterrupt,
        OverflowException => RawErrorKind.Overflow,
        IndexOutOfRangeException => RawErrorKind.Index,
        ObjectDisposedException => RawErrorKind.Value,
        KeyNotFoundException => RawErrorKind.Key,
        ArgumentException => RawErrorKind.Value,
        InvalidCastException => RawErrorKind.Type,
        FileNotFoundException or DirectoryNotFoundException => RawErrorKind.FileNotFound,
        IOException or UnauthorizedAccessException => RawErrorKind.OS,
        OutOfMemoryException => RawErrorKind.Memory,
        NotImplementedException => RawErrorKind.NotImplemented,
        NotSupportedException => RawErrorKind.Unsupported,
        _ => RawErrorKind.Runtime,
    };
}
