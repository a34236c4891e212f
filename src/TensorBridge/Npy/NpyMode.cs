namespace TensorBridge;

/// <summary>What a mapped .npy file may be used for; NumPy's <c>mmap_mode</c>.</summary>
public enum NpyMode
{
    /// <summary>Reading only (<c>r</c>): the tensor is read-only.</summary>
    Read,

    /// <summary>Reading and writing (<c>r+</c>): what is written goes to the file.</summary>
    ReadWrite,

    /// <summary>Reading and writing (<c>c</c>): what is written stays in this process, the file never changes.</summary>
    CopyOnWrite,
}
