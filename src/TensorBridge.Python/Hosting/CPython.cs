using System.Text;

namespace TensorBridge.Python.Hosting;

/// <summary>The functions of CPython that hosting needs, by address. All but a few are in the stable ABI.</summary>
/// <remarks>Each property is the address of the C function named in the constructor.</remarks>
internal sealed unsafe class CPython
{
    private readonly nint _library;

    /// <param name="library">The handle of libpython, or 0 for a process that has an interpreter already.</param>
    public CPython(nint library)
    {
        _library = library;
        IsInitialized = (delegate* unmanaged<int>)Find("Py_IsInitialized");
        InitializeEx = (delegate* unmanaged<int, void>)Find("Py_InitializeEx");
        FinalizeEx = (delegate* unmanaged<int>)Find("Py_FinalizeEx");
        SaveThread = (delegate* unmanaged<nint>)Find("PyEval_SaveThread");
        RestoreThread = (delegate* unmanaged<nint, void>)Find("PyEval_RestoreThread");
        EnsureGil = (delegate* unmanaged<int>)Find("PyGILState_Ensure");
        ReleaseGil = (delegate* unmanaged<int, void>)Find("PyGILState_Release");
        IncRef = (delegate* unmanaged<nint, void>)Find("Py_IncRef");
        DecRef = (delegate* unmanaged<nint, void>)Find("Py_DecRef");
        ImportModule = (delegate* unmanaged<byte*, nint>)Find("PyImport_ImportModule");
        AddModule = (delegate* unmanaged<byte*, nint>)Find("PyImport_AddModule");
        ModuleDictionary = (delegate* unmanaged<nint, nint>)Find("PyModule_GetDict");
        Compile = (delegate* unmanaged<byte*, byte*, int, nint>)Find("Py_CompileString");
        EvalCode = (delegate* unmanaged<nint, nint, nint, nint>)Find("PyEval_EvalCode");
        GetAttribute = (delegate* unmanaged<nint, byte*, nint>)Find("PyObject_GetAttrString");
        SetItem = (delegate* unmanaged<nint, byte*, nint, int>)Find("PyDict_SetItemString");
        CallObject = (delegate* unmanaged<nint, nint, nint>)Find("PyObject_CallObject");
        Str = (delegate* unmanaged<nint, nint>)Find("PyObject_Str");
        Utf8 = (delegate* unmanaged<nint, nint*, byte*>)Find("PyUnicode_AsUTF8AndSize");
        NewString = (delegate* unmanaged<byte*, nint, nint>)Find("PyUnicode_FromStringAndSize");
        NewLong = (delegate* unmanaged<long, nint>)Find("PyLong_FromLongLong");
        NewFloat = (delegate* unmanaged<double, nint>)Find("PyFloat_FromDouble");
        NewBool = (delegate* unmanaged<nint, nint>)Find("PyBool_FromLong");
        NewTuple = (delegate* unmanaged<nint, nint>)Find("PyTuple_New");
        SetTupleItem = (delegate* unmanaged<nint, nint, nint, int>)Find("PyTuple_SetItem");
        AsLong = (delegate* unmanaged<nint, long>)Find("PyLong_AsLongLong");
        AsDouble = (delegate* unmanaged<nint, double>)Find("PyFloat_AsDouble");
        IsTrue = (delegate* unmanaged<nint, int>)Find("PyObject_IsTrue");
        ErrorOccurred = (delegate* unmanaged<nint>)Find("PyErr_Occurred");
        ErrorFetch = (delegate* unmanaged<nint*, nint*, nint*, void>)Find("PyErr_Fetch");
        ErrorNormalize = (delegate* unmanaged<nint*, nint*, nint*, void>)Find("PyErr_NormalizeException");
        ErrorClear = (delegate* unmanaged<void>)Find("PyErr_Clear");
        InterpreterId = (delegate* unmanaged<nint, long>)Find("PyInterpreterState_GetID");
        CurrentInterpreter = (delegate* unmanaged<nint>)Find("PyInterpreterState_Get");
        Version = (delegate* unmanaged<byte*>)Find("Py_GetVersion");
        None = Find("_Py_NoneStruct");
    }

    public delegate* unmanaged<int> IsInitialized { get; }

    public delegate* unmanaged<int, void> InitializeEx { get; }

    public delegate* unmanaged<int> FinalizeEx { get; }

    public delegate* unmanaged<nint> SaveThread { get; }

    public delegate* unmanaged<nint, void> RestoreThread { get; }

    public delegate* unmanaged<int> EnsureGil { get; }

    public delegate* unmanaged<int, void> ReleaseGil { get; }

    public delegate* unmanaged<nint, void> IncRef { get; }

    public delegate* unmanaged<nint, void> DecRef { get; }

    public delegate* unmanaged<byte*, nint> ImportModule { get; }

    public delegate* unmanaged<byte*, nint> AddModule { get; }

    public delegate* unmanaged<nint, nint> ModuleDictionary { get; }

    public delegate* unmanaged<byte*, byte*, int, nint> Compile { get; }

    public delegate* unmanaged<nint, nint, nint, nint> EvalCode { get; }

    public delegate* unmanaged<nint, byte*, nint> GetAttribute { get; }

    public delegate* unmanaged<nint, byte*, nint, int> SetItem { get; }

    public delegate* unmanaged<nint, nint, nint> CallObject { get; }

    public delegate* unmanaged<nint, nint> Str { get; }

    public delegate* unmanaged<nint, nint*, byte*> Utf8 { get; }

    public delegate* unmanaged<byte*, nint, nint> NewString { get; }

    public delegate* unmanaged<long, nint> NewLong { get; }

    public delegate* unmanaged<double, nint> NewFloat { get; }

    public delegate* unmanaged<nint, nint> NewBool { get; }

    public delegate* unmanaged<nint, nint> NewTuple { get; }

    public delegate* unmanaged<nint, nint, nint, int> SetTupleItem { get; }

    public delegate* unmanaged<nint, long> AsLong { get; }

    public delegate* unmanaged<nint, double> AsDouble { get; }

    public delegate* unmanaged<nint, int> IsTrue { get; }

    public delegate* unmanaged<nint> ErrorOccurred { get; }

    public delegate* unmanaged<nint*, nint*, nint*, void> ErrorFetch { get; }

    public delegate* unmanaged<nint*, nint*, nint*, void> ErrorNormalize { get; }

    public delegate* unmanaged<void> ErrorClear { get; }

    public delegate* unmanaged<nint, long> InterpreterId { get; }

    public delegate* unmanaged<nint> CurrentInterpreter { get; }

    public delegate* unmanaged<byte*> Version { get; }

    /// <summary>The object <c>None</c>.</summary>
    public nint None { get; }

    /// <summary>The interpreter that this process has already, or null.</summary>
    public static CPython? FindExisting()
    {
        nint library = 0;
        if (LibC.Symbol(0, "Py_IsInitialized") == 0)
        {
            // Another host may have loaded libpython without making its symbols global.
            string? path = File.ReadLines("/proc/self/maps")
                .Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .FirstOrDefault(name => Path.GetFileName(name).StartsWith("libpython3.", StringComparison.Ordinal));
            library = path is null ? 0 : LibC.Open(path, LibC.RtldNow | LibC.RtldGlobal | LibC.RtldNoLoad);
            if (library == 0)
                return null;
        }

        var python = new CPython(library);
        return python.IsInitialized() != 0 ? python : null;
    }

    /// <summary>The address of an optional function, or 0.</summary>
    public nint FindOptional(string name) => LibC.Symbol(_library, name);

    /// <summary>Text for C.</summary>
    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    /// <summary>The text of a Python string, or null with the exception cleared.</summary>
    public string? ToText(nint text)
    {
        nint length = 0;
        byte* utf8 = text == 0 ? null : Utf8(text, &length);
        if (utf8 is not null)
            return Encoding.UTF8.GetString(utf8, checked((int)length));
        ErrorClear();
        return null;
    }

    /// <summary>The exception that is set, which is taken.</summary>
    public PythonException TakeError()
    {
        nint type, value, traceback;
        ErrorFetch(&type, &value, &traceback);
        if (type == 0)
            return new PythonException("SystemError", "an error without an exception");
        ErrorNormalize(&type, &value, &traceback);
        nint typeName;
        fixed (byte* attribute = "__name__\0"u8)
            typeName = GetAttribute(type, attribute);
        nint text = Str(value);
        var error = new PythonException(ToText(typeName) ?? "Exception", ToText(text) ?? string.Empty);
        ErrorClear();
        foreach (nint reference in (ReadOnlySpan<nint>)[typeName, text, type, value, traceback])
            DecRef(reference);
        return error;
    }

    /// <summary>A new reference, or the exception.</summary>
    public nint Check(nint reference) => reference != 0 ? reference : throw TakeError();

    private nint Find(string name)
    {
        nint address = LibC.Symbol(_library, name);
        return address != 0 ? address : throw new EntryPointNotFoundException($"libpython has no {name}: TensorBridge needs CPython 3.11 or newer");
    }
}
