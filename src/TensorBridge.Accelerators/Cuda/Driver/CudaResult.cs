namespace TensorBridge.Accelerators.Cuda;

/// <summary>Result codes of the driver API; only those that the code tells apart have names.</summary>
internal enum CudaResult
{
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    NotInitialized = 3,
    Deinitialized = 4,
    NoDevice = 100,
    InvalidContext = 201,
    InvalidHandle = 400,
    NotReady = 600,
    PeerAccessAlreadyEnabled = 704,
    NotSupported = 801,
}
