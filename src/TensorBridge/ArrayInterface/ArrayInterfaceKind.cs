namespace TensorBridge;

/// <summary>Which of the two dictionaries a description is.</summary>
public enum ArrayInterfaceKind
{
    /// <summary><c>__array_interface__</c>, version 3: host memory.</summary>
    Host,

    /// <summary><c>__cuda_array_interface__</c>, versions 0 to 3: CUDA memory, with a stream.</summary>
    Cuda,
}
