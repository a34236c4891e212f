using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

/// <summary>A tensor as kernels want it, dense in C order, aligned and in native byte order; made by <see cref="AcceleratorBridge.Dense"/>.</summary>
/// <remarks>
/// Where the tensor is so already, this is the tensor itself. Else it is a copy, and where it was asked for to be written, disposing it copies the
/// results back to the tensor, in the order of the stream.
/// </remarks>
public sealed class DenseTensor : IDisposable
{
    private readonly AcceleratorBridge _bridge;
    private readonly TensorHandle _origin;
    private readonly Access _access;
    private readonly AcceleratorStream _stream;
    private bool _disposed;

    internal DenseTensor(AcceleratorBridge bridge, TensorHandle origin, Access access, AcceleratorStream stream)
    {
        _bridge = bridge;
        _access = access;
        _stream = stream;
        IsCopy = !origin.Layout.IsCContiguous || !origin.DType.IsNativeOrder || !IsAligned(origin);
        _origin = origin.Share();
        try
        {
            Tensor = IsCopy ? Make(bridge, origin, access, stream) : (access & Access.Write) == 0 ? origin.AsReadOnly() : origin.Share();
        }
        catch
        {
            _origin.Dispose();
            throw;
        }
    }

    /// <summary>The dense tensor.</summary>
    public TensorHandle Tensor { get; }

    /// <summary>True when <see cref="Tensor"/> is memory of its own.</summary>
    public bool IsCopy { get; }

    /// <summary>All elements as a flat view, for writing too.</summary>
    /// <exception cref="TensorLayoutException">The element type differs, or the tensor was asked for to be read only.</exception>
    public ArrayView<T> View<T>()
        where T : unmanaged => _bridge.View<T>(Tensor, _stream);

    /// <summary>All elements as a flat view, for reading.</summary>
    /// <exception cref="TensorLayoutException">The element type differs.</exception>
    public ReadOnlyView<T> ReadOnlyView<T>()
        where T : unmanaged => _bridge.ReadOnlyView<T>(Tensor, _stream);

    /// <summary>Writes results back to the tensor where they are in memory of their own, in the order of the stream.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            if (IsCopy && (_access & Access.Write) != 0)
                _bridge.Copy(Tensor, _origin, _stream, CastingRule.Equiv);
        }
        finally
        {
            Tensor.Dispose();
            _origin.Dispose();
        }
    }

    /// <summary>Kernels load a power-of-two element in one access.</summary>
    private static bool IsAligned(TensorHandle tensor)
    {
        int size = Math.Max(1, tensor.DType.ItemSize);
        return tensor.ElementCount == 0 || tensor.Data % (nuint)Math.Min(size & -size, 16) == 0;
    }

    /// <summary>Memory that is only written needs no contents.</summary>
    private static TensorHandle Make(AcceleratorBridge bridge, TensorHandle origin, Access access, AcceleratorStream stream)
    {
        DType type = origin.DType.IsNativeOrder ? origin.DType : origin.DType.WithByteOrder(ByteOrder.Little);
        Layout layout = Layout.Contiguous(origin.Shape, type.ItemSize);
        return (access & Access.Read) == 0
            ? bridge.AllocateUninitialized(type, layout, stream)
            : bridge.CopyToNew(origin, type, layout, stream, CastingRule.Equiv);
    }
}
