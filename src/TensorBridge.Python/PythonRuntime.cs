using System.Runtime.InteropServices;
using TensorBridge.Python.Hosting;

namespace TensorBridge.Python;

/// <summary>The Python interpreter in this process: started here, or found here because someone else started it.</summary>
/// <remarks>
/// One interpreter per process. Dispose it on the thread that started it to end Python in order; on any other thread, and at the end
/// of a process that never disposed it, Python's exit functions run and its output is flushed, but the interpreter is not torn down,
/// which only its own thread may do. A finished interpreter cannot be started again.
/// </remarks>
public sealed unsafe class PythonRuntime : IDisposable
{
    private const int FileInput = 257;
    private const int EvalInput = 258;

    private static readonly Lock Gate = new();
    private static CPython? _python;
    private static PythonRuntime? _current;
    private static bool _finished;

    private readonly InterruptScope? _interrupts;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly nint _savedThread;
    private int _state; // 0 running, 1 exit functions ran, 2 finalized

    private PythonRuntime(bool isOwner, string? executable, InterruptScope? interrupts, nint savedThread)
    {
        IsOwner = isOwner;
        Executable = executable;
        _interrupts = interrupts;
        _savedThread = savedThread;
    }

    /// <summary>The interpreter of this process, once <see cref="Start"/> has run.</summary>
    public static PythonRuntime? Current => _current;

    /// <summary>True when <see cref="Start"/> started the interpreter, false when the process had one.</summary>
    public bool IsOwner { get; }

    /// <summary>The interpreter's program, where it was started here.</summary>
    public string? Executable { get; }

    /// <summary>The version text of the interpreter.</summary>
    public string Version => Marshal.PtrToStringUTF8((nint)Python.Version()) ?? string.Empty;

    /// <summary>The functions of the interpreter.</summary>
    /// <exception cref="InvalidOperationException">No interpreter runs in this process.</exception>
    internal static CPython Python
    {
        get
        {
            CPython? python = _python;
            if (python is null)
                python = Adopt();
            return python.IsInitialized() != 0
                ? python
                : throw new InvalidOperationException("Python has ended in this process and cannot be used any more");
        }
    }

    /// <summary>Starts Python, or takes the interpreter that this process has, and makes the package <c>tensorbridge</c> importable there.</summary>
    /// <param name="options">Which interpreter; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">The interpreter, its libpython or the package's native part is missing.</exception>
    /// <exception cref="PlatformNotSupportedException">Not linux-x64, not CPython 3.11 or newer, or a free-threaded build.</exception>
    /// <exception cref="InvalidOperationException">Python has been ended in this process before, or the interpreter does not run.</exception>
    public static PythonRuntime Start(PythonOptions? options = null)
    {
        options ??= new PythonOptions();
        lock (Gate)
        {
            if (_current is not null)
                return _current;
            if (_finished)
                throw new InvalidOperationException("Python was ended in this process and cannot be started again: extension modules such as NumPy do not survive that");
            if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
                throw new PlatformNotSupportedException($"TensorBridge hosts Python on linux-x64, this is {RuntimeInformation.RuntimeIdentifier}");
            string package = PythonPackage.Find(options.PackagePath);
            PythonPackage.LoadCore(package);
            _python ??= CPython.FindExisting();
            PythonRuntime runtime = _python is not null ? new PythonRuntime(isOwner: false, null, null, 0) : Initialize(options);
            try
            {
                runtime.ImportPackage(package);
            }
            catch
            {
                runtime.Dispose();
                throw;
            }

            AppDomain.CurrentDomain.ProcessExit += (_, _) => runtime.EndAtProcessExit();
            return _current = runtime;
        }
    }

    /// <summary>Imports a module.</summary>
    /// <exception cref="PythonException">The import failed (<c>ModuleNotFoundError</c> names what is missing).</exception>
    public PythonObject Import(string module) => InPython(() =>
    {
        fixed (byte* name = CPython.Text(module))
            return new PythonObject(Python.Check(Python.ImportModule(name)));
    });

    /// <summary>Runs statements in <c>__main__</c>.</summary>
    /// <exception cref="PythonException">The code does not compile or raised.</exception>
    public void Execute(string code) => Run(code, FileInput).Dispose();

    /// <summary>Evaluates an expression in <c>__main__</c>.</summary>
    /// <exception cref="PythonException">The code does not compile or raised.</exception>
    public PythonObject Evaluate(string expression) => Run(expression, EvalInput);

    /// <summary>Sets a variable of <c>__main__</c>.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">null, bool, an integer, a float, a string, a <see cref="PythonObject"/>, or a <see cref="TensorHandle"/>, which is exported.</param>
    public void Set(string name, object? value)
    {
        using Gil gil = Gil.Acquire();
        nint reference = PythonObject.NewReference(value);
        int result;
        fixed (byte* text = CPython.Text(name))
            result = Python.SetItem(MainDictionary(), text, reference);
        Python.DecRef(reference);
        if (result != 0)
            throw Python.TakeError();
    }

    /// <summary>Ends Python: fully on the thread that started it, else its exit functions only. Python that someone else started goes on.</summary>
    public void Dispose()
    {
        if (!IsOwner || _state == 2)
            return;
        if (Environment.CurrentManagedThreadId != _thread)
        {
            RunExitFunctions();
            return;
        }

        lock (Gate)
        {
            DeviceHooks.Shutdown();
            Python.RestoreThread(_savedThread);
            PendingReferences.Drain(Python);
            _state = 2;
            _finished = true;
            _current = null;
            Python.FinalizeEx();
            PendingReferences.NextRun();
        }
    }

    /// <summary>Runs a function that calls Python, holding the GIL, with Ctrl-C given to Python.</summary>
    internal static T InPython<T>(Func<T> function)
    {
        T WithGil()
        {
            using Gil gil = Gil.Acquire();
            return function();
        }

        return _current?._interrupts is InterruptScope interrupts ? interrupts.Run(WithGil) : WithGil();
    }

    private static CPython Adopt()
    {
        lock (Gate)
        {
            return _python ??= CPython.FindExisting()
                ?? throw new InvalidOperationException("no Python interpreter runs in this process: call PythonRuntime.Start first");
        }
    }

    private static PythonRuntime Initialize(PythonOptions options)
    {
        PythonInstallation installation = PythonLocator.Find(options.Interpreter);
        nint library = LibC.Open(installation.LibraryPath, LibC.RtldNow | LibC.RtldGlobal);
        if (library == 0)
            throw new FileNotFoundException($"{installation.LibraryPath} cannot be loaded: {LibC.LastError()}");
        var python = new CPython(library);
        byte[] dotnetAction = options.HandlesInterrupts ? InterruptScope.TakeCurrent() : [];
        InterpreterStart.Run(python, installation.Executable, options.HandlesInterrupts);
        InterruptScope? interrupts = options.HandlesInterrupts ? new InterruptScope(dotnetAction) : null;
        _python = python;
        return new PythonRuntime(isOwner: true, installation.Executable, interrupts, python.SaveThread());
    }

    private static nint MainDictionary()
    {
        fixed (byte* name = "__main__\0"u8)
            return Python.ModuleDictionary(Python.AddModule(name));
    }

    private static PythonObject Run(string code, int start) => InPython(() =>
    {
        nint compiled;
        fixed (byte* text = CPython.Text(code), file = "<string>\0"u8)
            compiled = Python.Check(Python.Compile(text, file, start));
        nint globals = MainDictionary();
        nint result = Python.EvalCode(compiled, globals, globals);
        Python.DecRef(compiled);
        return new PythonObject(Python.Check(result));
    });

    private void ImportPackage(string folder)
    {
        using Gil gil = Gil.Acquire();
        if (Python.InterpreterId(Python.CurrentInterpreter()) != 0)
            throw new PlatformNotSupportedException("TensorBridge works in Python's main interpreter only, this thread is in a subinterpreter");
        Set("_tensorbridge_path", folder);
        Run("""
            import sys
            if not hasattr(sys, 'argv'):
                sys.argv = ['']
            if _tensorbridge_path not in sys.path:
                sys.path.insert(0, _tensorbridge_path)
            del _tensorbridge_path
            import tensorbridge as _tensorbridge
            del _tensorbridge
            """, FileInput).Dispose();
    }

    private void RunExitFunctions()
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) != 0 || Python.IsInitialized() == 0)
            return;
        DeviceHooks.Shutdown();
        using Gil gil = Gil.Acquire();
        Run("""
            import atexit, sys
            atexit._run_exitfuncs()
            for _stream in (sys.stdout, sys.stderr):
                if _stream is not None:
                    _stream.flush()
            """, FileInput).Dispose();
    }

    // Runs on the runtime's own thread, where finalizing would hang. A thread that never lets go of the GIL must not keep the
    // process alive, so the wait is bounded.
    private void EndAtProcessExit()
    {
        if (!IsOwner || _state != 0)
            return;
        var worker = new Thread(() =>
        {
            try
            {
                RunExitFunctions();
            }
            catch (Exception)
            {
                // The process is ending; an exit function that raised has printed its own message.
            }
        })
        { IsBackground = true };
        worker.Start();
        worker.Join(TimeSpan.FromSeconds(5));
    }
}
