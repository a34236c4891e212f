namespace TensorBridge.DLPack;

/// <summary>A producer's struct, waiting for the call of its deleter.</summary>
/// <remarks>A deleter needs no lock of the caller and may be called from any thread; NULL means that there is nothing to do.</remarks>
internal sealed unsafe class DLPackRelease(void* tensor)
{
    /// <summary>Gives a <see cref="DLManagedTensorVersioned"/> back.</summary>
    public void CallVersioned() => Call((DLManagedTensorVersioned*)tensor);

    /// <summary>Gives a <see cref="DLManagedTensor"/> back.</summary>
    public void CallLegacy() => Call((DLManagedTensor*)tensor);

    /// <summary>Calls the deleter. It sits at the same place in every major version.</summary>
    public static void Call(DLManagedTensorVersioned* tensor)
    {
        if (tensor->deleter is not null)
            tensor->deleter(tensor);
    }

    /// <summary>Calls the deleter.</summary>
    public static void Call(DLManagedTensor* tensor)
    {
        if (tensor->deleter is not null)
            tensor->deleter(tensor);
    }
}
