using System.Numerics.Tensors;
using TensorBridge.Copying;

namespace TensorBridge.Samples;

/// <summary>An image of interleaved pixels (height, width, channel) becomes planes of floats (channel, height, width).</summary>
internal static class ImageToPlanes
{
    public static void Run()
    {
        byte[] pixels = [.. Enumerable.Range(0, 480 * 640 * 3).Select(i => (byte)(i % 3 * 100))];
        using TensorHandle image = TensorHandle.From(pixels.AsMemory(), 480, 640, 3);

        // Transposing moves nothing; the cast converts and rearranges in one pass.
        using TensorHandle seen = image.Transpose(2, 0, 1);
        using TensorHandle planes = TensorCopy.Cast(seen, DType.Float32, order: Order.C);

        TensorSpan<float> span = planes.AsTensorSpan<float>();
        Console.WriteLine($"{planes}: red {span[0, 0, 0]}, green {span[1, 0, 0]}, blue {span[2, 0, 0]}");
    }
}
