using System.Runtime.InteropServices;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>A method that Python can call, and its description for the native side.</summary>
internal sealed unsafe class Operation
{
    private readonly Func<OperationArguments, object?> _method;

    /// <param name="attribute">The description.</param>
    /// <param name="method">The method.</param>
    public Operation(OperationAttribute attribute, Func<OperationArguments, object?> method)
    {
        _method = method;
        Name = attribute.Signature[..attribute.Signature.IndexOf('(')];
        Info = new RawOperationInfo
        {
            Signature = (byte*)Marshal.StringToCoTaskMemUTF8(attribute.Signature),
            Documentation = (byte*)Marshal.StringToCoTaskMemUTF8(attribute.Documentation),
            Flags = attribute.KeepsGil ? 1 : 0,
        };
    }

    /// <summary>The name in Python.</summary>
    public string Name { get; }

    /// <summary>The description; its texts live as long as the process.</summary>
    public RawOperationInfo Info { get; }

    /// <summary>Runs the method; the tensors among the arguments are let go afterwards.</summary>
    public void Invoke(ReadOnlySpan<RawValue> values, RawValue* result)
    {
        using var arguments = new OperationArguments(values);
        OperationResult.Write(_method(arguments), arguments, result);
    }
}
