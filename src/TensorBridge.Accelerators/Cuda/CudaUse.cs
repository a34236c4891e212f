using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators;

/// <summary>
/// A stretch of work on tensors: at its begin the stream waited for the tensors' producers, at its end the
/// producers' streams wait for the stream. Made by <see cref="CudaBridge.Use"/>.
/// </summary>
public readonly ref struct CudaUse
{
    private readonly CudaBridge? _bridge;
    private readonly CudaStream? _stream;
    private readonly TensorHandle[] _tensors;

    internal CudaUse(CudaBridge bridge, CudaStream stream, TensorHandle[] tensors)
    {
        _bridge = bridge;
        _stream = stream;
        _tensors = tensors;
    }

    /// <summary>The producers' later work waits for what was enqueued on the stream until now.</summary>
    public void Dispose()
    {
        if (_bridge is null)
            return;
        foreach (TensorHandle tensor in _tensors)
            _bridge.OrderAfter(tensor, _stream);
    }
}
