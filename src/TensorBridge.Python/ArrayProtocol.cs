namespace TensorBridge.Python;

/// <summary>The protocols by which a Python object hands out its memory.</summary>
public enum ArrayProtocol
{
    /// <summary>Whichever the object offers that says most and costs least.</summary>
    Any = 0,

    /// <summary>The buffer protocol (PEP 3118); host memory.</summary>
    Buffer = 1,

    /// <summary><c>__array_struct__</c>; host memory, plain element types.</summary>
    ArrayStruct = 2,

    /// <summary><c>__array_interface__</c>; host memory.</summary>
    ArrayInterface = 3,

    /// <summary><c>__cuda_array_interface__</c>; CUDA memory.</summary>
    CudaArrayInterface = 4,

    /// <summary>DLPack, by the type's exchange table or by <c>__dlpack__</c>; any device.</summary>
    DLPack = 5,
}
