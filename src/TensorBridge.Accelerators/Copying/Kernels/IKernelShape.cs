namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry parameter of a kernel.</summary>
internal interface IKernelShape
{
    /// <summary>Moves the first word on both sides: the views of a launch begin some words before it, where an address is aligned.</summary>
    void Move(long source, long destination);
}
