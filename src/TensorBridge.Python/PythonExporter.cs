using TensorBridge.Python.Native;

namespace TensorBridge.Python;

/// <summary>Hands tensors to Python, without a copy.</summary>
public static unsafe class PythonExporter
{
    /// <summary>A new <c>tensorbridge.Tensor</c> over the memory of a handle.</summary>
    /// <param name="tensor">The handle; the Python object takes a count of its own and keeps the memory alive.</param>
    /// <returns>A new reference to a <c>PyObject*</c>, which NumPy and every other library can read.</returns>
    /// <exception cref="ObjectDisposedException">The handle has been disposed.</exception>
    /// <exception cref="InvalidOperationException">No interpreter runs in this process, or the package is not imported there.</exception>
    public static nint Export(TensorHandle tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using Gil gil = Gil.Acquire();
        PythonApi* python = NativeCore.Python;
        nint block = ManagedBlock.Create(tensor.Share());
        RawError error;
        nint result = python->ExportBlock(block, &error);
        NativeCore.Api->BlockDrop(block);
        return result != 0 ? result : throw PythonErrors.ToException(&error);
    }

    /// <summary>The same as an object.</summary>
    /// <inheritdoc cref="Export(TensorHandle)" path="/exception"/>
    public static PythonObject ToPython(this TensorHandle tensor) => PythonObject.FromOwned(Export(tensor));
}
