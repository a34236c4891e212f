using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorBridge.Python.Scenarios;

/// <summary>What a .NET program does with Python, one process each.</summary>
public static unsafe class Scenario
{
    private static int s_released;

    /// <summary>A strided NumPy array in .NET, written in place.</summary>
    public static void Import()
    {
        using PythonRuntime python = PythonRuntime.Start();
        python.Execute("import numpy as np; a = np.arange(12, dtype='f4').reshape(3, 4)[::2, ::-1]");
        using PythonObject a = python.Evaluate("a");
        using (TensorHandle tensor = a.ToTensor())
        {
            using PythonObject address = python.Evaluate("a.__array_interface__['data'][0]");
            Console.WriteLine($"{tensor} same address: {(nuint)address.ToInt64() == tensor.Data}");
            *(float*)tensor.Data = 99f;
        }

        python.Execute("print(a.tolist(), flush=True)");
    }

    /// <summary>.NET memory in NumPy, released once when the last view is gone.</summary>
    public static void Export()
    {
        using PythonRuntime python = PythonRuntime.Start();
        nuint address = SetNewTensor(python, "t", 6);
        python.Execute($"""
            import numpy as np, tensorbridge as tb
            v = np.asarray(t); w = np.from_dlpack(t); m = memoryview(t)
            print(type(t) is tb.Tensor, v.__array_interface__['data'][0] == {address}, w[5], m[1], flush=True)
            v[0] = 7
            assert m[0] == 7
            del t, v, w
            """);
        Collect();
        Console.WriteLine($"released with a view alive: {s_released}");
        python.Execute("del m");
        Collect();
        Console.WriteLine($"released: {s_released}");
    }

    /// <summary>The package in the embedded interpreter is the library that this process has loaded: one runtime, one table.</summary>
    public static void SameLibrary()
    {
        using PythonRuntime python = PythonRuntime.Start();
        python.Execute("""
            import tensorbridge as tb
            print(tb._core.is_started(), tb.asarray(b'abc').tolist())
            maps = {line.split()[-1] for line in open('/proc/self/maps') if 'libtensorbridge.so' in line}
            print(len(maps), len({line.split()[-1] for line in open('/proc/self/maps') if line.strip().endswith('/TensorBridge.Python.dll')}) <= 1, flush=True)
            """);
        Console.WriteLine($"assemblies {AppDomain.CurrentDomain.GetAssemblies().Count(assembly => assembly.GetName().Name == "TensorBridge.Python")}");
    }

    /// <summary>A Python exception in .NET.</summary>
    public static void PythonError()
    {
        using PythonRuntime python = PythonRuntime.Start();
        try
        {
            python.Execute("{}['key']");
        }
        catch (PythonException error)
        {
            Console.WriteLine($"{error.PythonType} {error.PythonMessage} | {error.Message}");
        }

        using PythonObject nothing = python.Evaluate("object()");
        try
        {
            nothing.ToTensor();
        }
        catch (TensorFormatException error)
        {
            Console.WriteLine($"{error.IsWrongType} {error.Message}");
        }

        python.Import("no_such_module_at_all");
    }

    /// <summary>Threads of .NET that use Python at the same time.</summary>
    public static void Threads()
    {
        using PythonRuntime python = PythonRuntime.Start();
        python.Execute("import array");
        Parallel.For(0, 8, worker =>
        {
            for (int i = 0; i < 200; i++)
            {
                using PythonObject source = python.Evaluate($"array.array('d', [{worker}.0, {i}.0])");
                using TensorHandle tensor = source.ToTensor();
                if (((double*)tensor.Data)[1] != i)
                    throw new InvalidOperationException("wrong memory");
                using TensorHandle made = NewTensor(3, out _);
                using PythonObject exported = made.ToPython();
            }
        });
        Collect();
        Console.WriteLine($"released {s_released}");
    }

    /// <summary>A handle that dies on a thread without the GIL gives its Python object back when the GIL is taken next.</summary>
    public static void ReleaseWithoutGil()
    {
        using PythonRuntime python = PythonRuntime.Start();
        python.Execute("""
            import array, weakref
            class Holder(array.array): pass
            h = Holder('d', [1.0]); alive = weakref.ref(h)
            """);
        TensorHandle tensor;
        using (PythonObject holder = python.Evaluate("h"))
            tensor = holder.ToTensor();
        python.Execute("del h");
        using (PythonObject before = python.Evaluate("alive() is not None"))
            Console.WriteLine($"alive while held: {before.ToBoolean()}");
        var thread = new Thread(tensor.Dispose);
        thread.Start();
        thread.Join();
        using PythonObject after = python.Evaluate("alive() is not None");
        Console.WriteLine($"alive afterwards: {after.ToBoolean()}");
    }

    /// <summary>A forgotten handle and a forgotten reference are given back, and no finalizer waits for the GIL.</summary>
    public static void Forgotten()
    {
        using PythonRuntime python = PythonRuntime.Start();
        python.Execute("""
            import array, weakref
            class Holder(array.array): pass
            h = Holder('d', [1.0]); alive = weakref.ref(h)
            class Plain: pass
            p = Plain(); plain_alive = weakref.ref(p)
            """);
        Forget(python);
        python.Execute("del h, p");
        using (Gil.Acquire())
            Collect();
        // A forgotten handle is released on the thread pool, some time after the collection.
        string after = string.Empty;
        for (int i = 0; i < 1000 && after != "(True, True)"; i++)
        {
            Thread.Sleep(10);
            using PythonObject answer = python.Evaluate("(alive() is None, plain_alive() is None)");
            after = answer.ToString();
        }

        Console.WriteLine(after);
    }

    /// <summary>Explicit end: Python's exit functions run, what is unflushed is written, tensors alive in Python are released.</summary>
    public static void Shutdown()
    {
        using (PythonRuntime python = PythonRuntime.Start())
        {
            python.Execute("import atexit, sys; atexit.register(lambda: sys.stdout.write('exit function\\n')); sys.stdout.write('unflushed\\n')");
            SetNewTensor(python, "kept", 3);
        }

        Console.WriteLine($"released {s_released}");
        PythonRuntime.Start();
    }

    /// <summary>A program that never ends Python: its exit functions still run and its output is flushed.</summary>
    public static void NoShutdown()
    {
        PythonRuntime python = PythonRuntime.Start();
        python.Execute("import atexit, sys; atexit.register(lambda: sys.stdout.write('exit function\\n')); sys.stdout.write('unflushed\\n')");
        SetNewTensor(python, "kept", 3);
    }

    /// <summary>Ended from another thread: as at the end of the process.</summary>
    public static void ShutdownElsewhere()
    {
        PythonRuntime python = PythonRuntime.Start();
        python.Execute("import atexit, sys; atexit.register(lambda: sys.stdout.write('exit function\\n')); sys.stdout.write('unflushed\\n')");
        var thread = new Thread(python.Dispose);
        thread.Start();
        thread.Join();
    }

    /// <summary>Ctrl-C during Python code.</summary>
    public static void InterruptPython()
    {
        using PythonRuntime python = PythonRuntime.Start();
        Console.WriteLine("ready");
        Console.Out.Flush();
        try
        {
            python.Execute("import time\nwhile True: time.sleep(0.05)");
        }
        catch (PythonException error)
        {
            Console.WriteLine($"{error.PythonType} {error.IsKeyboardInterrupt}");
        }
    }

    /// <summary>Ctrl-C during .NET code ends the process, as it does without Python.</summary>
    public static void InterruptDotNet()
    {
        using PythonRuntime python = PythonRuntime.Start();
        python.Execute("x = 1");
        Console.WriteLine("ready");
        Console.Out.Flush();
        Thread.Sleep(20_000);
        Console.WriteLine("survived");
    }

    /// <summary>SIGTERM during Python code ends the process.</summary>
    public static void Terminate()
    {
        using PythonRuntime python = PythonRuntime.Start();
        Console.WriteLine("ready");
        Console.Out.Flush();
        python.Execute("import time\nfor i in range(400): time.sleep(0.05)");
        Console.WriteLine("survived");
    }

    /// <summary>A forked child of the embedded interpreter is told, and its end does not hurt the parent.</summary>
    public static void Fork()
    {
        using PythonRuntime python = PythonRuntime.Start();
        SetNewTensor(python, "t", 4);
        python.Execute("""
            import os, tensorbridge as tb
            pid = os.fork()
            if pid == 0:
                try:
                    tb.asarray(b'x')
                    os._exit(1)
                except RuntimeError as error:
                    os._exit(0 if 'spawn' in str(error) and 'forkserver' in str(error) else 2)
            print('child', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
            """);
        Console.WriteLine($"released {s_released}");
    }

    /// <summary>An interpreter that someone else started, who kept libpython's symbols to himself and passes a raw pointer.</summary>
    public static void ForeignInterpreter()
    {
        nint library = NativeLibrary.Load("libpython3.11.so.1.0"); // RTLD_LOCAL
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "Py_InitializeEx"))(0);
        var run = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(library, "PyRun_SimpleString");
        var addModule = (delegate* unmanaged<byte*, nint>)NativeLibrary.GetExport(library, "PyImport_AddModule");
        var attribute = (delegate* unmanaged<nint, byte*, nint>)NativeLibrary.GetExport(library, "PyObject_GetAttrString");
        nint pointer;
        fixed (byte* code = "import array; a = array.array('d', [1.0, 2.0])\0"u8, main = "__main__\0"u8, name = "a\0"u8)
        {
            run(code);
            pointer = attribute(addModule(main), name);
        }

        using PythonRuntime python = PythonRuntime.Start();
        using (TensorHandle tensor = PythonImporter.Import(pointer))
        {
            ((double*)tensor.Data)[1] = 7;
            Console.WriteLine($"{tensor} owner: {python.IsOwner}");
        }

        python.Execute("import numpy, tensorbridge as tb; print(numpy.asarray(tb.asarray(a)), tb._core.statistics()['queued'], flush=True)");
        python.Dispose();
        using PythonObject still = python.Evaluate("a[1]");
        Console.WriteLine($"still there: {still}");
    }

    /// <summary>Which interpreter was found.</summary>
    public static void Where()
    {
        using PythonRuntime python = PythonRuntime.Start();
        using PythonObject prefix = python.Evaluate("__import__('sys').prefix");
        Console.WriteLine($"{python.Executable} {prefix}");
    }

    private static TensorHandle NewTensor(int count, out nuint address)
    {
        var memory = (double*)NativeMemory.Alloc((nuint)count, sizeof(double));
        for (int i = 0; i < count; i++)
            memory[i] = i;
        address = (nuint)memory;
        var descriptor = new TensorDescriptor(address, DType.Float64, Layout.Contiguous([count], sizeof(double)), Device.Cpu);
        return new TensorHandle(descriptor, null, () =>
        {
            NativeMemory.Free(memory);
            Interlocked.Increment(ref s_released);
        });
    }

    private static nuint SetNewTensor(PythonRuntime python, string name, int count)
    {
        using TensorHandle tensor = NewTensor(count, out nuint address);
        python.Set(name, tensor);
        return address;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(PythonRuntime python)
    {
        _ = python.Evaluate("p");
        using PythonObject holder = python.Evaluate("h");
        _ = holder.ToTensor();
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
