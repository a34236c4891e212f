namespace TensorBridge.Accelerators.Copying;

/// <summary>The source stride is negative.</summary>
internal readonly struct Falling : IWordOrder
{
    public bool Falls => true;
}
