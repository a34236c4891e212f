using TensorBridge.Python.Native;

namespace TensorBridge.Python;

/// <summary>Errors on their way from Python to .NET.</summary>
internal static unsafe class PythonErrors
{
    /// <summary>The exception that says in .NET what the error says in Python.</summary>
    public static Exception ToException(RawError* error)
    {
        string message = error->Message;
        return error->Kind switch
        {
            RawErrorKind.Value => new TensorFormatException(message),
            RawErrorKind.Type => new TensorFormatException(message, isWrongType: true),
            RawErrorKind.Buffer or RawErrorKind.Unsupported => new TensorUnsupportedException(message),
            RawErrorKind.Overflow => new OverflowException(message),
            RawErrorKind.Memory => new OutOfMemoryException(message),
            _ => PythonException.From(error),
        };
    }
}
