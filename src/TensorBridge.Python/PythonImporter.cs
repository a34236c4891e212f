using TensorBridge.Python.Native;

namespace TensorBridge.Python;

/// <summary>Takes the memory of Python objects, without a copy.</summary>
public static unsafe class PythonImporter
{
    /// <summary>The memory of an object that speaks an array protocol, or of a bare interface dictionary.</summary>
    /// <param name="pyObject">A <c>PyObject*</c>, borrowed; from this library, pythonnet, CSnakes or any other host.</param>
    /// <param name="via">Forces one protocol.</param>
    /// <returns>A handle that keeps the object's memory alive until its last view is gone.</returns>
    /// <exception cref="TensorFormatException">The object is no array, or describes itself wrongly.</exception>
    /// <exception cref="TensorUnsupportedException">Its element type or layout cannot be taken.</exception>
    /// <exception cref="OverflowException">Its extent leaves 64 bits.</exception>
    /// <exception cref="PythonException">The object raised something else.</exception>
    public static TensorHandle Import(nint pyObject, ArrayProtocol via = ArrayProtocol.Any) => Import(pyObject, via, stream: 0);

    /// <summary>As <see cref="Import(nint, ArrayProtocol)"/>, naming the stream that will use the memory.</summary>
    /// <param name="pyObject">A <c>PyObject*</c>, borrowed.</param>
    /// <param name="via">Forces one protocol.</param>
    /// <param name="stream">The consumer's CUDA stream as <c>__dlpack__</c> numbers it; the producer makes it wait. 0: the default one.</param>
    /// <inheritdoc cref="Import(nint, ArrayProtocol)" path="/exception"/>
    public static TensorHandle Import(nint pyObject, ArrayProtocol via, long stream)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pyObject);
        using Gil gil = Gil.Acquire();
        var options = new RawImportOptions { Via = via, Stream = stream };
        nint block;
        RawError error;
        if (NativeCore.Python->ImportObject(pyObject, &options, &block, &error) < 0)
            throw PythonErrors.ToException(&error);
        return BlockReference.Adopt(block);
    }
}
