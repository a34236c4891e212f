using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>The bound arguments of one launch. Frames are kept and used again, so a launch allocates nothing.</summary>
internal abstract class KernelFrame
{
    private readonly AcceleratorBridge? _bridge;
    private readonly HostWindow?[] _windows;

    /// <param name="bridge">The accelerator whose buffers views belong to; null for the host engine.</param>
    /// <param name="parameters">The number of parameters.</param>
    private protected KernelFrame(AcceleratorBridge? bridge, int parameters)
    {
        _bridge = bridge;
        _windows = new HostWindow?[bridge is null ? parameters : 0];
    }

    /// <summary>What the launch runs over; for grouped kernels not used.</summary>
    public IndexSpace Space { get; set; }

    /// <summary>A view of a tensor's memory from its lowest address on. The tensor has been checked.</summary>
    public ArrayView<T> Open<T>(TensorHandle tensor, int parameter)
        where T : unmanaged
    {
        if (_bridge is not null)
            return _bridge.Memory<T>(tensor);
        Layout layout = tensor.Layout;
        (long low, long high) = layout.Extent;
        HostWindow window = _windows[parameter] ??= new HostWindow();
        window.MoveTo(unchecked(tensor.Data + (nuint)low));
        return new ArrayView<T>(window, 0, layout.IsCContiguous ? layout.ElementCount : (high - low) / layout.ItemSize);
    }

    /// <summary>Forgets the arguments.</summary>
    public abstract void Clear();
}
