using System.Globalization;
using System.Text;
using TensorBridge.Python.Hosting;

namespace TensorBridge.Python;

/// <summary>A reference to a Python object.</summary>
/// <remarks>Dispose it; one that is forgotten is dropped by a later holder of the GIL, never by the finalizer itself.</remarks>
public sealed unsafe class PythonObject : IDisposable
{
    private readonly int _run = PendingReferences.Run;
    private nint _reference;

    /// <summary>Takes a new reference over; the caller has checked it.</summary>
    internal PythonObject(nint reference) => _reference = reference;

    /// <summary>Leaves the reference for the next holder of the GIL.</summary>
    ~PythonObject()
    {
        if (_reference != 0)
            PendingReferences.Add(_reference, _run);
    }

    /// <summary>The <c>PyObject*</c>, borrowed: valid while this object lives.</summary>
    /// <exception cref="ObjectDisposedException">The reference was dropped.</exception>
    public nint Handle => _reference != 0 ? _reference : throw new ObjectDisposedException(nameof(PythonObject));

    private static CPython Python => PythonRuntime.Python;

    /// <summary>A reference of its own to a <c>PyObject*</c> that someone else holds.</summary>
    /// <param name="borrowed">The object; the caller holds the GIL or a reference.</param>
    public static PythonObject FromBorrowed(nint borrowed)
    {
        ArgumentOutOfRangeException.ThrowIfZero(borrowed);
        using Gil gil = Gil.Acquire();
        Python.IncRef(borrowed);
        return new PythonObject(borrowed);
    }

    /// <summary>Takes over a reference that the caller owns.</summary>
    /// <param name="owned">The object.</param>
    public static PythonObject FromOwned(nint owned)
    {
        ArgumentOutOfRangeException.ThrowIfZero(owned);
        return new PythonObject(owned);
    }

    /// <summary>An attribute.</summary>
    /// <exception cref="PythonException">There is none (<c>AttributeError</c>), or reading it raised.</exception>
    public PythonObject GetAttribute(string name) => PythonRuntime.InPython(() =>
    {
        fixed (byte* text = CPython.Text(name))
            return new PythonObject(Python.Check(Python.GetAttribute(Handle, text)));
    });

    /// <summary>Calls the object.</summary>
    /// <param name="arguments">As the values of <see cref="PythonRuntime.Set"/>.</param>
    /// <exception cref="PythonException">The call raised.</exception>
    public PythonObject Call(params object?[] arguments) => PythonRuntime.InPython(() =>
    {
        nint tuple = Python.Check(Python.NewTuple(arguments.Length));
        try
        {
            for (int i = 0; i < arguments.Length; i++)
                _ = Python.SetTupleItem(tuple, i, NewReference(arguments[i]));
            return new PythonObject(Python.Check(Python.CallObject(Handle, tuple)));
        }
        finally
        {
            Python.DecRef(tuple);
        }
    });

    /// <summary>Calls a method.</summary>
    /// <exception cref="PythonException">There is no such method, or the call raised.</exception>
    public PythonObject CallMethod(string name, params object?[] arguments)
    {
        using PythonObject method = GetAttribute(name);
        return method.Call(arguments);
    }

    /// <summary>The memory of the object, without a copy.</summary>
    /// <inheritdoc cref="PythonImporter.Import(nint, ArrayProtocol)" path="/exception"/>
    public TensorHandle ToTensor(ArrayProtocol via = ArrayProtocol.Any) => PythonImporter.Import(Handle, via);

    /// <summary>The object as an integer.</summary>
    /// <exception cref="PythonException">It is none, or too large.</exception>
    public long ToInt64()
    {
        using Gil gil = Gil.Acquire();
        long value = Python.AsLong(Handle);
        return value == -1 && Python.ErrorOccurred() != 0 ? throw Python.TakeError() : value;
    }

    /// <summary>The object as a float.</summary>
    /// <exception cref="PythonException">It is none.</exception>
    public double ToDouble()
    {
        using Gil gil = Gil.Acquire();
        double value = Python.AsDouble(Handle);
        return value == -1.0 && Python.ErrorOccurred() != 0 ? throw Python.TakeError() : value;
    }

    /// <summary>The truth of the object.</summary>
    /// <exception cref="PythonException">It has none.</exception>
    public bool ToBoolean()
    {
        using Gil gil = Gil.Acquire();
        int value = Python.IsTrue(Handle);
        return value >= 0 ? value != 0 : throw Python.TakeError();
    }

    /// <summary>What <c>str()</c> says.</summary>
    public override string ToString()
    {
        if (_reference == 0)
            return "released Python object";
        using Gil gil = Gil.Acquire();
        nint text = Python.Str(_reference);
        if (text == 0)
            return Python.TakeError().Message;
        string? result = Python.ToText(text);
        Python.DecRef(text);
        return result ?? string.Empty;
    }

    /// <summary>Drops the reference.</summary>
    public void Dispose()
    {
        nint reference = Interlocked.Exchange(ref _reference, 0);
        GC.SuppressFinalize(this);
        if (reference == 0 || _run != PendingReferences.Run)
            return;
        using Gil gil = Gil.Acquire();
        Python.DecRef(reference);
    }

    /// <summary>A value of .NET as a new reference; the caller holds the GIL.</summary>
    internal static nint NewReference(object? value)
    {
        CPython python = Python;
        switch (value)
        {
            case null:
                python.IncRef(python.None);
                return python.None;
            case PythonObject known:
                python.IncRef(known.Handle);
                return known.Handle;
            case TensorHandle tensor:
                return PythonExporter.Export(tensor);
            case bool flag:
                return python.NewBool(flag ? 1 : 0);
            case sbyte or byte or short or ushort or int or uint or long:
                return python.Check(python.NewLong(Convert.ToInt64(value, CultureInfo.InvariantCulture)));
            case float or double:
                return python.Check(python.NewFloat(Convert.ToDouble(value, CultureInfo.InvariantCulture)));
            case string text:
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                fixed (byte* bytes = utf8)
                    return python.Check(python.NewString(bytes, utf8.Length));
            default:
                throw new ArgumentException($"a {value.GetType()} has no Python form here; give null, bool, a number, a string, a PythonObject or a TensorHandle", nameof(value));
        }
    }
}
