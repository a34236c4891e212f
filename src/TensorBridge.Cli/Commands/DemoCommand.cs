using System.CommandLine;
using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators;
using TensorBridge.Accelerators.Demo;
using TensorBridge.Python;

namespace TensorBridge.Cli.Commands;

/// <summary><c>tensorbridge demo</c>: the main job on real arrays, with proof that memory is shared.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var interpreter = new Option<string?>("--python") { Description = "The Python interpreter to host; the default is TENSORBRIDGE_PYTHON, a virtual environment, then python3 on PATH." };
        var command = new Command("demo", "Take a NumPy array into an ILGPU kernel and back, without a copy.") { interpreter };
        command.SetAction(result => CommandRunner.Run(() => Run(result.GetValue(interpreter))));
        return command;
    }

    private static int Run(string? interpreter)
    {
        var clock = Stopwatch.StartNew();
        using PythonRuntime python = PythonRuntime.Start(new PythonOptions { Interpreter = interpreter });
        Console.WriteLine($"Python {python.Version.Split(' ')[0]} from {python.Executable}, started in {Milliseconds(clock)}");
        try
        {
            python.Execute("import numpy as np");
        }
        catch (PythonException error) when (error.PythonType == "ModuleNotFoundError")
        {
            throw new InvalidOperationException($"the demo needs NumPy in {python.Executable}: install it there (Debian: apt-get install python3-numpy), or name another interpreter with --python", error);
        }

        clock.Restart();
        using HostBridge bridge = HostBridge.Create();
        Console.WriteLine($"ILGPU on {bridge.Accelerator.Name}, device {bridge.Device}, started in {Milliseconds(clock)}");
        bool shared = NumPyIntoKernel(python, bridge);
        shared &= BufferIntoNumPy(python, bridge);
        shared &= BareDictionary(python);
        Console.WriteLine();
        Console.WriteLine(shared ? "all of it shared memory" : "something was copied or computed wrongly");
        return shared ? 0 : 1;
    }

    private static bool NumPyIntoKernel(PythonRuntime python, HostBridge bridge)
    {
        Title("1. A strided NumPy array in an ILGPU kernel, in place");
        python.Execute("a = np.arange(24, dtype='f4').reshape(4, 6)[:, ::2]; expected = 2 * a + 1");
        using PythonObject array = python.Evaluate("a");
        PythonImporter.Import(array.Handle).Dispose();
        var clock = Stopwatch.StartNew();
        using TensorHandle tensor = PythonImporter.Import(array.Handle);
        Console.WriteLine($"   tensor {tensor}, imported in {clock.Elapsed.TotalMicroseconds:F1} us");

        StridedView<float, Rank2> view = bridge.Strided<float, Rank2>(tensor);
        clock.Restart();
        var kernel = bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, StridedView<float, Rank2>, float, float>(DemoKernels.ScaleAndShift);
        kernel((int)view.Length, view, 2f, 1f);
        bridge.Accelerator.Synchronize();
        Console.WriteLine($"   kernel v = 2v + 1 compiled and run in {Milliseconds(clock)}");

        using PythonObject address = python.Evaluate("a.__array_interface__['data'][0]");
        using PythonObject correct = python.Evaluate("bool((a == expected).all())");
        using PythonObject row = python.Evaluate("a[0].tolist()");
        Console.WriteLine($"   NumPy sees {row} in row 0");
        return SameAddress((nuint)address.ToInt64(), tensor.Data, view.Memory.LoadEffectiveAddressAsPtr()) && correct.ToBoolean();
    }

    private static bool BufferIntoNumPy(PythonRuntime python, HostBridge bridge)
    {
        Title("2. An ILGPU buffer as a NumPy array");
        using MemoryBuffer1D<float, Stride1D.Dense> buffer = bridge.Accelerator.Allocate1D<float>(6);
        bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(DemoKernels.Count)(6, buffer.View.AsContiguous());
        bridge.Accelerator.Synchronize();
        using TensorHandle tensor = bridge.Export(buffer.View.AsContiguous(), [2, 3]);
        Console.WriteLine($"   tensor {tensor} over the buffer at 0x{buffer.NativePtr:x}");

        python.Set("t", tensor);
        python.Execute("b = np.asarray(t); b[1, 2] = 42");
        using PythonObject address = python.Evaluate("b.__array_interface__['data'][0]");
        using PythonObject text = python.Evaluate("b.tolist()");
        float last = buffer.GetAsArray1D()[5];
        Console.WriteLine($"   a kernel counted: NumPy has {text} after writing 42, the buffer's last element is {last}");
        python.Execute("del b, t");
        return SameAddress((nuint)address.ToInt64(), tensor.Data, buffer.NativePtr) && last == 42;
    }

    private static bool BareDictionary(PythonRuntime python)
    {
        Title("3. A bare interface dictionary, no holder class");
        python.Execute("c = np.arange(6, dtype='f8').reshape(2, 3)");
        using PythonObject dictionary = python.Evaluate("c.__array_interface__");
        using PythonObject address = python.Evaluate("c.ctypes.data");
        using TensorHandle tensor = ArrayInterface.Open(dictionary.ToString());
        Console.WriteLine($"   {dictionary}");
        Console.WriteLine($"   opened as {tensor}");
        return SameAddress((nuint)address.ToInt64(), tensor.Data, (nint)tensor.Data) && ReadLast(tensor) == 5;
    }

    private static unsafe double ReadLast(TensorHandle tensor) => ((double*)tensor.Data)[tensor.ElementCount - 1];

    private static bool SameAddress(nuint python, nuint tensor, nint memory)
    {
        bool same = python == tensor && (nint)tensor == memory;
        Console.WriteLine($"   addresses: Python 0x{python:x}, tensor 0x{tensor:x}, ILGPU 0x{memory:x}");
        Console.WriteLine($"   same address: {same}");
        return same;
    }

    private static void Title(string text)
    {
        Console.WriteLine();
        Console.WriteLine(text);
    }

    private static string Milliseconds(Stopwatch clock) => $"{clock.Elapsed.TotalMilliseconds:F1} ms";
}
