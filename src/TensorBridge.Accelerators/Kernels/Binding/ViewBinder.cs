using System.Runtime.CompilerServices;
using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds a tensor to a view. Every check is here; the kinds of view differ in geometry only.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TView">The parameter's type.</typeparam>
internal abstract class ViewBinder<T, TView> : ParameterBinder<TView>
    where T : unmanaged
{
    private readonly bool _isWritten;
    private readonly string _shape;

    // The element type seen last: comparing a reference settles almost every call.
    private DType? _accepted;

    private protected ViewBinder(KernelParameter parameter, bool isWritten, string shape)
        : base(parameter)
    {
        _isWritten = isWritten;
        _shape = shape;
        parameter.Expected = $"tensor[{ElementTypes.NameOf<T>()}, {shape}]";
    }

    public override bool IsTensor => true;

    public override bool IsWritten => _isWritten;

    public override string Expected(string devices) => $"tensor[{ElementTypes.NameOf<T>()}, {_shape}, {devices}]";

    public sealed override TView Read(ref readonly KernelArgument argument, KernelFrame frame)
    {
        TensorHandle tensor = argument.Tensor ?? throw ArgumentErrors.NotATensor(this, argument);
        TensorDescriptor descriptor = tensor.Descriptor;
        CheckElements(descriptor, argument);
        if (_isWritten && descriptor.IsReadOnly)
            throw ArgumentErrors.Mismatch(this, argument, "the kernel may write through this parameter: pass a copy, or declare a ReadOnlyView");
        CheckLayout(descriptor.Layout, argument);
        if (descriptor.Layout.ElementCount == 0)
            return Empty(descriptor.Layout);
        ArrayView<T> memory = frame.Open<T>(tensor, Parameter.Position - 1);
        return Shape(descriptor.Layout, memory);
    }

    /// <summary>Refuses a layout that the view cannot say.</summary>
    protected abstract void CheckLayout(Layout layout, in KernelArgument argument);

    /// <summary>Makes the view over memory that begins at the lowest address of the tensor.</summary>
    protected abstract TView Shape(Layout layout, ArrayView<T> memory);

    /// <summary>The view of a tensor without elements.</summary>
    protected virtual TView Empty(Layout layout) => default!;

    private void CheckElements(TensorDescriptor tensor, in KernelArgument argument)
    {
        if (!ReferenceEquals(tensor.DType, _accepted))
        {
            if (!ElementTypes.Matches<T>(tensor.DType))
                throw ArgumentErrors.Mismatch(this, argument, tensor.DType.IsNativeOrder ? null : "its bytes are swapped: cast it to the native type first");
            _accepted = tensor.DType;
        }

        int alignment = ElementTypes.Alignment<T>();
        if (tensor.Data % (nuint)alignment != 0 && tensor.Layout.ElementCount > 0)
            throw ArgumentErrors.Mismatch(this, argument, $"its address 0x{tensor.Data:x} is not aligned to the {alignment} bytes that kernels need for {ElementTypes.NameOf<T>()}: pass a copy");
    }
}
