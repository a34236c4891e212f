using System.Reflection;
using System.Runtime.ExceptionServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>A host method that a module exports beside its kernels.</summary>
internal sealed class ExportedMethod : IKernelBody
{
    private readonly MethodInfo _method;
    private readonly ExportBinder[] _binders;

    private ExportedMethod(MethodInfo method, ExportBinder[] binders)
    {
        _method = method;
        _binders = binders;
        Name = KernelNames.Of(method);
        Parameters = [.. binders.Select(binder => binder.Parameter)];
        Signature = $"{Name}({string.Join(", ", Parameters)}) -> {ExportBinder.NameOf(method.ReturnType)}";
    }

    public string Name { get; }

    public string Signature { get; }

    public bool IsExplicitlyGrouped => false;

    public string? HostEngineRefusal => "it is a host method, not a kernel";

    public IReadOnlyList<KernelParameter> Parameters { get; }

    /// <exception cref="TensorUnsupportedException">A parameter or the result has a type that cannot cross.</exception>
    public static ExportedMethod Read(MethodInfo method)
    {
        string name = KernelNames.Of(method);
        if (method.ContainsGenericParameters || !(ExportBinder.CanCross(method.ReturnType) || method.ReturnType == typeof(void)))
            throw new TensorUnsupportedException($"[TensorBridgeExport] {name} returns {method.ReturnType.Name}: TensorHandle, numbers, bool, string and void can cross");
        return new ExportedMethod(method, [.. method.GetParameters().Select(parameter => ReadParameter(name, parameter))]);
    }

    public object? Run(LaunchOptions options, ReadOnlySpan<KernelArgument> arguments)
    {
        var values = new object?[arguments.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = _binders[i].Box(arguments[i]);
        BoundsListener.Enter();
        try
        {
            return _method.Invoke(null, values);
        }
        catch (TargetInvocationException failure) when (failure.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
        finally
        {
            BoundsListener.Exit();
        }
    }

    private static ExportBinder ReadParameter(string method, ParameterInfo parameter)
    {
        if (!ExportBinder.CanCross(parameter.ParameterType))
            throw new TensorUnsupportedException($"[TensorBridgeExport] {method}: parameter '{parameter.Name}' is {parameter.ParameterType.Name}; TensorHandle, numbers, bool and string can cross");
        return new ExportBinder(new KernelParameter(parameter.Position + 1, parameter.Name ?? "argument", parameter.ParameterType, isDense: false));
    }
}
