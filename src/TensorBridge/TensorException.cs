namespace TensorBridge;

/// <summary>The base of every error that TensorBridge reports about a tensor.</summary>
/// <remarks>
/// Messages name the key and the value at fault and the way out. No memory of the tensor has been read or
/// written when one of these is thrown, unless the member says otherwise.
/// </remarks>
public abstract class TensorException : Exception
{
    private protected TensorException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A description that is malformed: a key is missing, a value impossible, sizes disagree.</summary>
public sealed class TensorFormatException : TensorException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was seen, what is accepted, and the way out.</param>
    /// <param name="isWrongType">
    /// True when a value has the wrong type (a list where a tuple belongs, an unknown typestr, no array at all);
    /// false when the type is right and the value is impossible.
    /// </param>
    public TensorFormatException(string message, bool isWrongType = false)
        : base(message)
    {
        IsWrongType = isWrongType;
    }

    /// <summary>
    /// True when a value has the wrong type rather than an impossible value. Python sees the first as
    /// <c>TypeError</c> and the second as <c>ValueError</c>.
    /// </summary>
    public bool IsWrongType { get; }
}

/// <summary>A well-formed tensor that TensorBridge, or the protocol asked for, cannot express.</summary>
public sealed class TensorUnsupportedException : TensorException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was seen, what is accepted, and the way out.</param>
    /// <param name="inner">The error of the library below, where there is one.</param>
    public TensorUnsupportedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A tensor whose layout, element type or read-only mark does not suit the view, kernel or copy asked for.</summary>
public sealed class TensorLayoutException : TensorException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was seen, what is accepted, and the way out.</param>
    public TensorLayoutException(string message)
        : base(message)
    {
    }
}

/// <summary>An error of a device, a context or a driver.</summary>
public sealed class TensorDeviceException : TensorException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was seen, what is accepted, and the way out.</param>
    /// <param name="inner">The error of the driver or runtime below, where there is one.</param>
    public TensorDeviceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The driver's number of the error; 0 when no driver was asked.</summary>
    public int ErrorCode { get; init; }

    /// <summary>The driver's name of the error, for example <c>CUDA_ERROR_OUT_OF_MEMORY</c>.</summary>
    public string? ErrorName { get; init; }
}
