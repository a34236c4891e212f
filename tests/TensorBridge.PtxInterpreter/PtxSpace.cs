namespace TensorBridge.PtxInterpreter;

/// <summary>Where an address lives.</summary>
public enum PtxSpace
{
    Generic,
    Global,
    Shared,
    Local,
    Parameter,
}
