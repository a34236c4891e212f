using System.Numerics.Tensors;

namespace TensorBridge.Samples;

/// <summary>Somebody's interface dictionary, or a pointer, becomes a tensor: no holder class, no Python.</summary>
internal static class BareDictionary
{
    public static unsafe void Run()
    {
        float[] memory = [1, 2, 3, 4, 5, 6];
        fixed (float* pointer = memory)
        {
            string text = $"{{'data': ({(nint)pointer}, False), 'shape': (2, 3), 'typestr': '<f4', 'version': 3}}";
            using TensorHandle fromText = ArrayInterface.Open(text);
            using TensorHandle fromPointer = ArrayInterface.FromPointer((nint)pointer, "<f4", [3, 2], strides: [4, 12]);

            fromText.AsTensorSpan<float>()[1, 2] = 60;
            Console.WriteLine($"{fromPointer} over the same memory: {fromPointer.AsTensorSpan<float>()[2, 1]}");
        }
    }
}
