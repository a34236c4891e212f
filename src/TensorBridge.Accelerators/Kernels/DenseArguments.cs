using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Launches with dense copies of the tensors that a <see cref="DenseAttribute"/> parameter cannot take as they are.</summary>
internal static class DenseArguments
{
    public static void Launch(IKernelLauncher launcher, KernelMethod kernel, LaunchOptions options, ReadOnlySpan<KernelArgument> arguments)
    {
        var copies = new TensorHandle?[arguments.Length];
        KernelArgument[] dense = arguments.ToArray();
        try
        {
            for (int i = 0; i < dense.Length; i++)
            {
                if (NeedsCopy(kernel.Binders[i], dense[i]) is { } tensor)
                    dense[i] = copies[i] = TensorCopy.ToContiguous(tensor);
            }

            launcher.Launch(options, dense);
            WriteBack(kernel, arguments, copies);
        }
        finally
        {
            foreach (TensorHandle? copy in copies)
                copy?.Dispose();
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

    private static void WriteBack(KernelMethod kernel, ReadOnlySpan<KernelArgument> arguments, TensorHandle?[] copies)
    {
        for (int i = 0; i < copies.Length; i++)
        {
            if (copies[i] is { } copy && kernel.Binders[i].IsWritten)
                TensorCopy.Copy(copy, arguments[i].Tensor!);
        }
    }
}
