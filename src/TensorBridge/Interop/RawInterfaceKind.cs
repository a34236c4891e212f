namespace TensorBridge.Interop;

/// <summary>What kind of dictionary the native side hands over: <c>tb_interface_kind</c>.</summary>
internal enum RawInterfaceKind
{
    /// <summary><c>__array_interface__</c>.</summary>
    Host = 0,

    /// <summary><c>__cuda_array_interface__</c>.</summary>
    Cuda = 1,

    /// <summary>As <see cref="Host"/> over a locked buffer; a missing shape means one axis over all of it.</summary>
    FromBuffer = 2,
}
