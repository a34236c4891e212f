using System.Runtime.InteropServices;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>A method that Python can call, and its description for the native side.</summary>
internal sealed unsafe class Operation
{
    private readonly RawOperation _method;

    /// <param name="attribute">The description.</param>
    /// <param name="method">The method.</param>
    public Operation(OperationAttribute attribute, Func<OperationArguments, object?> method)
        : this(attribute, (values, result) => Invoke(method, values, result))
    {
    }

    /// <param name="attribute">The description.</param>
    /// <param name="method">The method.</param>
    public Operation(OperationAttribute attribute, RawOperation method)
    {
        _method = method;
        Name = attribute.Signature[..attribute.Signature.IndexOf('(')];
        Info = new RawOperationInfo
        {
            Signature = (byte*)Marshal.StringToCoTaskMemUTF8(attribute.Signature),
            Documentation = (byte*)Marshal.StringToCoTaskMemUTF8(attribute.Documentation),
            Flags = (attribute.KeepsGil ? RawOperationInfo.KeepGil : 0) | (attribute.KeepsGilWhenSmall ? RawOperationInfo.KeepGilWhenSmall : 0),
        };
    }

    /// <summary>The name in Python.</summary>
    public string Name { get; }

    /// <summary>The description; its texts live as long as the process.</summary>
    public RawOperationInfo Info { get; }

    /// <summary>Runs the method.</summary>
    public void Invoke(ReadOnlySpan<RawValue> values, RawValue* result) => _method(values, result);

    /// <summary>Runs a method on arguments as objects; the tensors among them are let go afterwards.</summary>
    public static void Invoke(Func<OperationArguments, object?> method, ReadOnlySpan<RawValue> values, RawValue* result)
    {
        using var arguments = new OperationArguments(values);
        OperationResult.Write(method(arguments), arguments, result);
    }
}
