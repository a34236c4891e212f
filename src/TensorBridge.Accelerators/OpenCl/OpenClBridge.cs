using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Cuda;
using TensorBridge.Accelerators.OpenCl;

namespace TensorBridge.Accelerators;

/// <summary>Tensors on an OpenCL device, in buffers that ILGPU allocated.</summary>
/// <remarks>
/// An OpenCL buffer is a handle that lives in one context, and ILGPU makes a context of its own; a <c>cl_mem</c> of
/// another library can therefore never be used here, and is refused. Tensors come by <see cref="AcceleratorBridge.Allocate{T}"/> or by
/// exporting an ILGPU view, and data comes by <see cref="Copy"/>. <see cref="TensorDescriptor.Data"/> is the handle plus the
/// offset in bytes: a number to tell places apart, not an address.
/// </remarks>
public sealed partial class OpenClBridge : AcceleratorBridge
{
    private readonly DeviceCopyEngine _engine;

    private OpenClBridge(Context context, Accelerator accelerator, int deviceId)
        : base(context, accelerator, new Device(DeviceType.OpenCL, deviceId)) => _engine = new DeviceCopyEngine(accelerator);

    /// <summary>Makes an accelerator for an OpenCL device.</summary>
    /// <param name="deviceId">Its place in ILGPU's list.</param>
    /// <param name="configure">Further set-up of the ILGPU context.</param>
    /// <exception cref="TensorDeviceException">There is no such device, or ILGPU cannot use it.</exception>
    public static OpenClBridge Create(int deviceId = 0, Action<Context.Builder>? configure = null)
    {
        // Installs the resolver: ILGPU by itself looks for libOpenCL.so only, which many machines have as .so.1.
        DriverLibrary.Find();
        Context context = Context.Create(builder =>
        {
            builder.OpenCL().Optimize(OptimizationLevel.O2).EnableAlgorithms();
            configure?.Invoke(builder);
        });
        try
        {
            int count = context.GetCLDevices().Count;
            if (deviceId < 0 || deviceId >= count)
                throw new TensorDeviceException($"there is no OpenCL device {deviceId}: ILGPU lists {count}; it needs libOpenCL.so.1, a driver in /etc/OpenCL/vendors, and a device with the generic address space");
            return new OpenClBridge(context, context.CreateCLAccelerator(deviceId), deviceId);
        }
        catch (AcceleratorException error)
        {
            context.Dispose();
            throw new TensorDeviceException($"ILGPU cannot use OpenCL device {deviceId}: {error.Message}", error);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    internal override bool CanReach(Device device) => device == Device;

    private protected override MemoryBuffer Wrap(TensorHandle handle, nuint lowest, long length, int elementSize)
    {
        MemoryBuffer buffer = BufferOf(handle);
        long offset = OffsetOf(handle.Descriptor, buffer) + handle.Layout.Extent.Low;
        if (offset % elementSize != 0)
            throw new TensorLayoutException($"{handle} begins {offset} bytes into its OpenCL buffer, which is no multiple of its {elementSize}-byte elements; call Copy into memory of its own");
        return new ForeignClBuffer(buffer, handle, elementSize);
    }

    private protected override long StartOf(TensorHandle handle, nuint lowest, int elementSize) =>
        (OffsetOf(handle.Descriptor, BufferOf(handle)) + handle.Layout.Extent.Low) / elementSize;

    /// <summary>The buffer's handle is told apart from the view's offset: DLPack says them apart.</summary>
    private protected override TensorHandle Own(TensorDescriptor descriptor, MemoryBuffer buffer) =>
        new(descriptor, new TensorOwner(buffer, release: null, (nuint)buffer.NativePtr));

    private protected override void DisposeCore()
    {
        _engine.Dispose();
        base.DisposeCore();
    }

    /// <summary>The buffer under a tensor.</summary>
    /// <exception cref="TensorDeviceException">It is not one of this bridge.</exception>
    private MemoryBuffer BufferOf(TensorHandle handle)
    {
        MemoryBuffer buffer = handle.OwnerAs<MemoryBuffer>() is { } own && own.Accelerator == Accelerator
            ? own
            : throw new TensorDeviceException($"{handle} is an OpenCL buffer of another library or bridge; a cl_mem belongs to its context and cannot be used in ILGPU's: allocate with this bridge and copy through the host");
        if (buffer.IsDisposed)
            throw new ObjectDisposedException(handle.ToString(), "the ILGPU buffer under the tensor has been disposed");
        return buffer;
    }

    private static long OffsetOf(TensorDescriptor tensor, MemoryBuffer buffer)
    {
        long offset = (long)tensor.Data - buffer.NativePtr;
        (long low, long high) = tensor.Layout.Extent;
        return offset + low >= 0 && offset + high <= buffer.LengthInBytes
            ? offset
            : throw new TensorDeviceException($"{tensor} touches bytes {offset + low} to {offset + high} of an OpenCL buffer of {buffer.LengthInBytes} bytes; shape or strides are wrong");
    }
}
