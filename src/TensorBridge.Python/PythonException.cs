using TensorBridge.Python.Native;

namespace TensorBridge.Python;

/// <summary>A Python exception that ended a call from .NET.</summary>
public sealed class PythonException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="pythonType">The name of Python's exception type, such as <c>KeyError</c>.</param>
    /// <param name="message">What Python's exception says.</param>
    public PythonException(string pythonType, string message)
        : base(message.Length == 0 ? pythonType : $"{pythonType}: {message}")
    {
        PythonType = pythonType;
        PythonMessage = message;
        Kind = Enum.GetValues<RawErrorKind>().FirstOrDefault(kind => NameOf(kind) == pythonType, RawErrorKind.Python);
    }

    internal PythonException(RawErrorKind kind, string message)
        : this(NameOf(kind) ?? message.Split(':')[0], kind == RawErrorKind.Python ? message[Math.Min(message.Length, message.IndexOf(':') + 1)..].Trim() : message)
    {
        Kind = kind;
    }

    /// <summary>The name of Python's exception type.</summary>
    public string PythonType { get; }

    /// <summary>What Python's exception says, without its type.</summary>
    public string PythonMessage { get; }

    /// <summary>True for Ctrl-C.</summary>
    public bool IsKeyboardInterrupt => Kind == RawErrorKind.KeyboardInterrupt;

    internal RawErrorKind Kind { get; }

    internal static unsafe PythonException From(RawError* error) => new(error->Kind, error->Message);

    private static string? NameOf(RawErrorKind kind) => kind switch
    {
        RawErrorKind.Value => "ValueError",
        RawErrorKind.Type => "TypeError",
        RawErrorKind.Buffer => "BufferError",
        RawErrorKind.Overflow => "OverflowError",
        RawErrorKind.Index => "IndexError",
        RawErrorKind.Runtime => "RuntimeError",
        RawErrorKind.Memory => "MemoryError",
        RawErrorKind.KeyboardInterrupt => "KeyboardInterrupt",
        RawErrorKind.NotImplemented => "NotImplementedError",
        RawErrorKind.Key => "KeyError",
        RawErrorKind.FileNotFound => "FileNotFoundError",
        RawErrorKind.OS => "OSError",
        RawErrorKind.Attribute => "AttributeError",
        RawErrorKind.Import => "ImportError",
        _ => null,
    };
}
