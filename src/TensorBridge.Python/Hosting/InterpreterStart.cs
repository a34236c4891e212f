using System.Runtime.InteropServices;
using System.Text;

namespace TensorBridge.Python.Hosting;

/// <summary>Initialises an interpreter under the name of its program, from which Python derives its prefix and virtual environment.</summary>
internal static unsafe class InterpreterStart
{
    /// <summary>Initialises the interpreter; the calling thread then is Python's main thread and holds the GIL.</summary>
    /// <exception cref="InvalidOperationException">Python refused the configuration.</exception>
    public static void Run(CPython python, string executable, bool handlesSignals)
    {
        var setProgramName = (delegate* unmanaged<nint, void>)python.FindOptional("Py_SetProgramName");
        if (setProgramName is null)
        {
            RunConfigured(python, executable, handlesSignals);
            return;
        }

        // Kept for the life of the process: Python does not copy it.
        byte[] wide = Encoding.UTF32.GetBytes(executable + '\0');
        nint memory = Marshal.AllocHGlobal(wide.Length);
        Marshal.Copy(wide, 0, memory, wide.Length);
        setProgramName(memory);
        python.InitializeEx(handlesSignals ? 1 : 0);
    }

    // CPython 3.15 has dropped Py_SetProgramName for the configuration of PEP 741, which starts out isolated.
    private static void RunConfigured(CPython python, string executable, bool handlesSignals)
    {
        var create = (delegate* unmanaged<nint>)Need(python, "PyInitConfig_Create");
        var setInteger = (delegate* unmanaged<nint, byte*, long, int>)Need(python, "PyInitConfig_SetInt");
        var setText = (delegate* unmanaged<nint, byte*, byte*, int>)Need(python, "PyInitConfig_SetStr");
        var initialize = (delegate* unmanaged<nint, int>)Need(python, "Py_InitializeFromInitConfig");
        var getError = (delegate* unmanaged<nint, byte**, int>)Need(python, "PyInitConfig_GetError");
        var free = (delegate* unmanaged<nint, void>)Need(python, "PyInitConfig_Free");
        nint config = create();
        if (config == 0)
            throw new OutOfMemoryException("no memory for Python's configuration");
        try
        {
            int result = 0;
            foreach ((string option, long value) in ((string, long)[])[("isolated", 0), ("use_environment", 1), ("user_site_directory", 1), ("install_signal_handlers", handlesSignals ? 1 : 0)])
            {
                fixed (byte* name = CPython.Text(option))
                    result |= setInteger(config, name, value);
            }

            fixed (byte* name = "program_name\0"u8, text = CPython.Text(executable))
                result |= setText(config, name, text);
            if (result == 0 && initialize(config) == 0)
                return;
            byte* message = null;
            getError(config, &message);
            throw new InvalidOperationException($"Python does not start: {Marshal.PtrToStringUTF8((nint)message)}");
        }
        finally
        {
            free(config);
        }
    }

    private static nint Need(CPython python, string name)
    {
        nint address = python.FindOptional(name);
        return address != 0 ? address : throw new EntryPointNotFoundException($"libpython has neither Py_SetProgramName nor {name}");
    }
}
