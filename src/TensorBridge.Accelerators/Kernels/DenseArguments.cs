using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Launches with dense copies of the tensors that a <see cref="DenseAttribute"/> parameter cannot take as they are.</summary>
internal static class DenseArguments
{
    public static void Launch(IKernelLauncher launcher, KernelMethod kernel, LaunchOptions options, ReadOnlySpan<KernelArgument> arguments)
    {
        if (launcher.Bridge is not CudaBridge cuda)
        {
            Launch(launcher, kernel, options, arguments, static tensor => TensorCopy.ToContiguous(tensor), static (from, to) => TensorCopy.Copy(from, to));
            return;
        }

        // Copies, kernel and the end of the temporaries all follow each other on one stream.
        (AcceleratorStream stream, bool mustWait) = CudaLaunch.Stream(cuda, options, CudaLaunch.Tensors(arguments));
        Launch(launcher, kernel, options with { Stream = stream }, arguments, tensor => CopyOnDevice(cuda, tensor, stream), (from, to) => cuda.Copy(from, to, stream));
        if (!mustWait)
            return;
        using CudaScope scope = cuda.Activate();
        stream.Synchronize();
    }

    private static void Launch(
        IKernelLauncher launcher,
        KernelMethod kernel,
        LaunchOptions options,
        ReadOnlySpan<KernelArgument> arguments,
        Func<TensorHandle, TensorHandle> makeDense,
        Action<TensorHandle, TensorHandle> copy)
    {
        var copies = new TensorHandle?[arguments.Length];
        KernelArgument[] dense = arguments.ToArray();
        try
        {
            for (int i = 0; i < dense.Length; i++)
            {
                if (NeedsCopy(kernel.Binders[i], dense[i]) is { } tensor)
                    dense[i] = copies[i] = makeDense(tensor);
            }

            launcher.Launch(options, dense);
            for (int i = 0; i < copies.Length; i++)
            {
                if (copies[i] is { } temporary && kernel.Binders[i].IsWritten)
                    copy(temporary, arguments[i].Tensor!);
            }
        }
        finally
        {
            foreach (TensorHandle? temporary in copies)
                temporary?.Dispose();
        }
    }

    private static TensorHandle? NeedsCopy(ParameterBinder binder, in KernelArgument argument)
    {
        if (!binder.Parameter.IsDense || argument.Tensor is not { } tensor || tensor.Layout.IsCContiguous)
            return null;
        if (binder.IsWritten && tensor.IsReadOnly)
            throw ArgumentErrors.Mismatch(binder, argument, "the kernel may write through this parameter: pass a copy, or declare a ReadOnlyView");
        return tensor;
    }

    private static TensorHandle CopyOnDevice(CudaBridge cuda, TensorHandle tensor, AcceleratorStream stream)
    {
        TensorHandle dense = cuda.AllocateOrdered(tensor.DType, tensor.Shape, stream);
        try
        {
            cuda.Copy(tensor, dense, stream);
            return dense;
        }
        catch
        {
            dense.Dispose();
            throw;
        }
    }
}
