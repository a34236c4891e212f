namespace TensorBridge;

/// <summary>Where memory lives, with DLPack's numbers.</summary>
public enum DeviceType
{
    /// <summary>Ordinary host memory.</summary>
    Cpu = 1,

    /// <summary>CUDA device memory.</summary>
    Cuda = 2,

    /// <summary>Host memory page-locked by CUDA.</summary>
    CudaHost = 3,

    /// <summary>OpenCL buffer object.</summary>
    OpenCL = 4,

    /// <summary>ROCm device memory.</summary>
    Rocm = 10,

    /// <summary>Host memory page-locked by ROCm.</summary>
    RocmHost = 11,

    /// <summary>CUDA managed memory, reachable from host and device.</summary>
    CudaManaged = 13,
}
