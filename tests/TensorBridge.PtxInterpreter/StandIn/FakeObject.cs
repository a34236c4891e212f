namespace TensorBridge.PtxInterpreter;

/// <summary>What the stand-in counts.</summary>
public enum FakeObject
{
    Context = 1,
    Stream = 2,
    Event = 3,
    Module = 4,
    Function = 5,
    DeviceMemory = 16,
    PinnedMemory = 17,
    RegisteredMemory = 18,
    ManagedMemory = 19,
    ImportedMemory = 20,
}
