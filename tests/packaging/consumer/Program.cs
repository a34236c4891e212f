// The main job from a program that knows only the NuGet packages: a NumPy array in an ILGPU kernel, without a copy.
using ILGPU;
using ILGPU.Runtime;
using TensorBridge;
using TensorBridge.Accelerators;
using TensorBridge.Python;

using PythonRuntime python = PythonRuntime.Start(new PythonOptions { Interpreter = args[0] });
using HostBridge bridge = HostBridge.Create();
python.Execute("import numpy as np; a = np.arange(24, dtype='f4').reshape(4, 6)[:, ::2]; expected = 2 * a + 1");

using (PythonObject array = python.Evaluate("a"))
using (TensorHandle tensor = PythonImporter.Import(array.Handle))
{
    StridedView<float, Rank2> view = bridge.Strided<float, Rank2>(tensor);
    var kernel = bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, StridedView<float, Rank2>>(Kernels.TwiceAndOne);
    kernel((int)view.Length, view);
    bridge.Accelerator.Synchronize();
}

using PythonObject equal = python.Evaluate("bool((a == expected).all())");
Console.WriteLine($"NumPy sees what the kernel wrote: {equal}");
return equal.ToBoolean() ? 0 : 1;

internal static class Kernels
{
    public static void TwiceAndOne(Index1D index, StridedView<float, Rank2> view) => view[index] = (2 * view[index]) + 1;
}
