using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators;
using TensorBridge.Python;

namespace TensorBridge.Samples;

/// <summary>A NumPy record array as an array of C# structs, and one of its fields as a strided tensor.</summary>
internal static class RecordArrays
{
    public static void Run()
    {
        using PythonRuntime python = PythonRuntime.Start();
        using HostBridge bridge = HostBridge.Create();
        python.Execute("import numpy as np; p = np.zeros(4, [('X', 'f4'), ('Speed', 'f4'), ('Id', 'i8')]); p['Speed'] = [1, 2, 3, 4]");

        using PythonObject array = python.Evaluate("p");
        using TensorHandle particles = array.ToTensor();
        StridedView<Particle, Rank1> view = bridge.Strided<Particle, Rank1>(particles); // refused if a field differed
        var kernel = bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, StridedView<Particle, Rank1>, float>(MyKernels.Advance);
        kernel((int)view.Length, view, 0.5f);
        bridge.Accelerator.Synchronize();

        using TensorHandle positions = particles["X"];
        Console.WriteLine(positions.ToText());
    }
}
