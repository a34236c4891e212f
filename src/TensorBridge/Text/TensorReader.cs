namespace TensorBridge;

/// <summary>Copies the elements of a tensor to the host, dense in C order and in their own byte order.</summary>
/// <param name="source">What to read; any strides.</param>
/// <param name="destination">Exactly the bytes of its elements.</param>
public delegate void TensorReader(TensorDescriptor source, Span<byte> destination);
