namespace TensorBridge.Accelerators.Copying;

/// <summary>The outer axes of a kernel, innermost first: a type argument, so that their number folds into the code.</summary>
internal interface IAxes
{
    /// <summary>Adds the offsets, in words, of the given linear index over these axes.</summary>
    void Decode(uint index, ref long source, ref long destination);

    /// <summary>As <see cref="Decode"/>, where more axes follow outside: returns the index over those.</summary>
    uint Split(uint index, ref long source, ref long destination);
}
