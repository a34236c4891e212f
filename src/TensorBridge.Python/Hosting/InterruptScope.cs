namespace TensorBridge.Python.Hosting;

/// <summary>Gives Ctrl-C to Python while Python code runs, and back to .NET afterwards.</summary>
internal sealed unsafe class InterruptScope
{
    // SIG_IGN, in the first field of the struct.
    private const nint Ignore = 1;

    private readonly byte[] _python = new byte[LibC.SigActionSize];
    private readonly int _thread;
    private int _depth;

    /// <param name="before">.NET's action, which is put back; the interpreter has just installed its own.</param>
    public InterruptScope(byte[] before)
    {
        _thread = Environment.CurrentManagedThreadId;
        fixed (byte* python = _python, old = before)
            LibC.SignalAction(LibC.SigInt, old, python);
    }

    /// <summary>
    /// The action of Ctrl-C now, for the constructor. The default action is set meanwhile, because Python installs its own handler
    /// only there; where Ctrl-C is ignored (a background job) it stays so.
    /// </summary>
    public static byte[] TakeCurrent()
    {
        byte[] current = new byte[LibC.SigActionSize];
        byte* byDefault = stackalloc byte[LibC.SigActionSize];
        new Span<byte>(byDefault, LibC.SigActionSize).Clear();
        fixed (byte* action = current)
        {
            LibC.SignalAction(LibC.SigInt, null, action);
            if (*(nint*)action != Ignore)
                LibC.SignalAction(LibC.SigInt, byDefault, null);
        }

        return current;
    }

    /// <summary>Runs Python code; only Python's main thread is ever interrupted.</summary>
    public T Run<T>(Func<T> code)
    {
        if (Environment.CurrentManagedThreadId != _thread || _depth > 0)
            return code();
        byte[] dotnet = new byte[LibC.SigActionSize];
        fixed (byte* python = _python, old = dotnet)
        {
            LibC.SignalAction(LibC.SigInt, python, old);
            _depth++;
            try
            {
                return code();
            }
            finally
            {
                // Python code may have installed another handler meanwhile.
                _depth--;
                LibC.SignalAction(LibC.SigInt, old, python);
            }
        }
    }
}
