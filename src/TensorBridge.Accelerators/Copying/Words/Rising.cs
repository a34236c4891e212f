namespace TensorBridge.Accelerators.Copying;

/// <summary>The source stride is positive (or zero).</summary>
internal readonly struct Rising : IWordOrder
{
    public bool Falls => false;
}
