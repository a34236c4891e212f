using TensorBridge.Accelerators.Kernels;
using TensorBridge.Interop;

namespace TensorBridge.Python.Operations;

/// <summary>A kernel that Python holds, with the host tensors of its last call: calls in a loop mostly repeat them.</summary>
internal sealed unsafe class HeldKernel
{
    private readonly TensorHandle?[] _last;

    public HeldKernel(long module, ModuleKernel kernel)
    {
        Module = module;
        Kernel = kernel;
        _last = new TensorHandle?[kernel.Parameters.Count];
    }

    /// <summary>The number of its module.</summary>
    public long Module { get; }

    /// <summary>The kernel.</summary>
    public ModuleKernel Kernel { get; }

    /// <summary>
    /// A handle that owns nothing, for memory that the caller keeps during the call: last time's where it says the same.
    /// </summary>
    public TensorHandle Borrow(int argument, RawTensor* raw)
    {
        if ((uint)argument >= (uint)_last.Length || TensorLedger.IsEnabled)
            return new TensorHandle(raw->ToDescriptor());
        TensorHandle? last = Volatile.Read(ref _last[argument]);
        if (last is not null && IsSame(last.Descriptor, raw))
            return last;
        var handle = new TensorHandle(raw->ToDescriptor());
        Volatile.Write(ref _last[argument], handle);
        return handle;
    }

    private static bool IsSame(TensorDescriptor tensor, RawTensor* raw) => tensor.Data == raw->Data
        && ReferenceEquals(tensor.DType, DTypeTable.Get(raw->DTypeId))
        && tensor.IsReadOnly == ((raw->Flags & RawTensorFlags.ReadOnly) != 0)
        && (int)tensor.Device.Type == raw->DeviceType && tensor.Device.Id == raw->DeviceId && raw->Stream == 0 && tensor.Stream is null
        && tensor.Shape.SequenceEqual(raw->ShapeSpan) && tensor.Layout.ByteStrides.SequenceEqual(raw->StrideSpan);
}
