using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>A launch on a CUDA device: in its context, on the caller's stream, ordered with the producers of all tensors.</summary>
internal static class CudaLaunch
{
    public static void Run(CudaBridge bridge, LaunchOptions options, ReadOnlySpan<KernelArgument> arguments, Action<AcceleratorStream> launch)
    {
        TensorHandle[] tensors = Tensors(arguments);
        using CudaScope scope = bridge.Activate();
        (AcceleratorStream stream, bool mustWait) = Stream(bridge, options, tensors);
        using (bridge.Use(stream, tensors))
            launch(stream);
        if (mustWait)
            stream.Synchronize();
    }

    /// <summary>The stream that a launch runs on, and whether it must be waited for.</summary>
    /// <remarks>
    /// On the producer's own stream nothing has to wait for anything. A producer that names no stream cannot be made to
    /// wait for the kernel, so the launch does.
    /// </remarks>
    public static (AcceleratorStream Stream, bool MustWait) Stream(CudaBridge bridge, LaunchOptions options, TensorHandle[] tensors)
    {
        if (options.Stream is { } given)
            return (given, false);
        if (options.StreamHandle is { } handle)
            return (bridge.WrapStream(handle), false);
        TensorHandle? first = Array.Find(tensors, tensor => tensor.Descriptor.Stream is not null);
        bool allNamed = Array.TrueForAll(tensors, tensor => tensor.Descriptor.Stream is not null);
        return first is null
            ? (bridge.Accelerator.DefaultStream, true)
            : (bridge.WrapStream(first.Descriptor.Stream!.Value), !allNamed);
    }

    /// <summary>The tensors among the arguments.</summary>
    public static TensorHandle[] Tensors(ReadOnlySpan<KernelArgument> arguments)
    {
        var tensors = new List<TensorHandle>(arguments.Length);
        foreach (KernelArgument argument in arguments)
        {
            if (argument.Tensor is { } tensor)
                tensors.Add(tensor);
        }

        return [.. tensors];
    }
}
