using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

/// <content>Summaries that stay on the device: a few bytes come back, not the tensor.</content>
public abstract partial class AcceleratorBridge
{
    /// <summary>Minimum, maximum, mean and number of NaNs. Waits for the result.</summary>
    /// <param name="tensor">A tensor of numbers on this device, of any strides and byte order.</param>
    /// <param name="stream">The stream to work on; null for the default stream.</param>
    /// <exception cref="TensorUnsupportedException">The elements are no numbers.</exception>
    /// <exception cref="TensorDeviceException">The tensor is not on this device, or the driver refuses.</exception>
    public TensorStatistics Statistics(TensorHandle tensor, AcceleratorStream? stream = null)
    {
        CheckReachable(tensor);
        ElementType type = TensorBridge.Copying.ElementTypes.Of(tensor.DType);
        if (type is ElementType.None or ElementType.DateTime64 or ElementType.TimeDelta64 || tensor.DType.IsPacked)
            throw new TensorUnsupportedException($"{tensor} has no numbers to summarise; cast it or reinterpret its elements first");
        if (tensor.ElementCount == 0)
            return new TensorStatistics(0, 0, double.NaN, double.NaN, double.NaN);
        AcceleratorStream work = stream ?? Accelerator.DefaultStream;
        using DenseTensor dense = Dense(tensor, Access.Read, work);
        Prepare(dense.Tensor, work);
        using CudaScope scope = EnterContext();
        return Copies.Summaries.Statistics(type, Place(dense.Tensor), tensor.ElementCount, work);
    }

    /// <summary>64 bits that depend on every byte of the elements in C order, not on strides. Waits for the result.</summary>
    /// <param name="tensor">A tensor on this device.</param>
    /// <param name="stream">The stream to work on; null for the default stream.</param>
    /// <remarks>Equal elements give equal fingerprints on every accelerator. Not for adversaries: it is no cryptographic hash.</remarks>
    /// <exception cref="TensorDeviceException">The tensor is not on this device, or the driver refuses.</exception>
    public ulong Fingerprint(TensorHandle tensor, AcceleratorStream? stream = null)
    {
        CheckReachable(tensor);
        if (tensor.Layout.PayloadBytes == 0)
            return 0;
        AcceleratorStream work = stream ?? Accelerator.DefaultStream;
        using TensorHandle dense = ToContiguous(tensor, Order.C, stream: work);
        Prepare(dense, work);
        using CudaScope scope = EnterContext();
        return Copies.Summaries.Fingerprint(Place(dense), tensor.Layout.PayloadBytes, work);
    }
}
