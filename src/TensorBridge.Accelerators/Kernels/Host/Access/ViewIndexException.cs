namespace TensorBridge.Accelerators.Kernels;

/// <summary>An index outside a view, before the argument's name is known: the launch turns it into an <see cref="IndexOutOfRangeException"/>.</summary>
internal sealed class ViewIndexException(int parameter, string what) : Exception(what)
{
    public int Parameter { get; } = parameter;
}
