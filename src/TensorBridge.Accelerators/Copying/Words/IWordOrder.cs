namespace TensorBridge.Accelerators.Copying;

/// <summary>Whether the source is walked towards higher or lower addresses: a type argument, because a view may only be narrowed upwards.</summary>
internal interface IWordOrder
{
    bool Falls { get; }
}
