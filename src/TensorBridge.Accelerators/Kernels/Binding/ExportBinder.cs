using System.Numerics;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds an argument of an exported host method, boxed.</summary>
internal sealed class ExportBinder : ParameterBinder
{
    private readonly Func<KernelArgument, object>? _number;

    public ExportBinder(KernelParameter parameter)
        : base(parameter)
    {
        if (IsNumber(parameter.Type))
            _number = BoxerOf(KernelTypes.CreateValue(parameter, parameter.Type), parameter.Type);
        parameter.Expected = NameOf(parameter.Type);
    }

    /// <summary>True for the types of parameters and results.</summary>
    public static bool CanCross(Type type) =>
        type == typeof(TensorHandle) || type == typeof(string) || type == typeof(bool) || IsNumber(type);

    /// <summary>The type as signatures write it.</summary>
    public static string NameOf(Type type)
    {
        if (type == typeof(TensorHandle))
            return "tensor";
        if (type == typeof(string))
            return "str";
        if (type == typeof(bool))
            return "bool";
        return type == typeof(void) ? "None" : type.Name.ToLowerInvariant().Replace("single", "float32", StringComparison.Ordinal).Replace("double", "float64", StringComparison.Ordinal);
    }

    /// <summary>The value to call with.</summary>
    public object Box(in KernelArgument argument)
    {
        if (_number is not null)
            return _number(argument);
        Type type = Parameter.Type;
        if (type == typeof(TensorHandle) && argument.Tensor is { } tensor)
            return tensor;
        if (type == typeof(string) && argument.Kind == KernelArgumentKind.Text)
            return argument.Boxed!;
        return type == typeof(bool) && argument.Kind == KernelArgumentKind.Boolean
            ? argument.Boolean
            : throw ArgumentErrors.WrongType(this, argument);
    }

    private static bool IsNumber(Type type) => type == typeof(Complex) || type == typeof(Half)
        || (type.IsPrimitive && type != typeof(bool) && type != typeof(char) && type != typeof(nint) && type != typeof(nuint));

    private static Func<KernelArgument, object> BoxerOf(ParameterBinder binder, Type type) =>
        typeof(ExportBinder).GetMethod(nameof(MakeBoxer), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(type).CreateDelegate<Func<ParameterBinder, Func<KernelArgument, object>>>()(binder);

    private static Func<KernelArgument, object> MakeBoxer<T>(ParameterBinder binder)
        where T : unmanaged
    {
        var typed = (ParameterBinder<T>)binder;
        return argument => typed.Read(in argument, null!);
    }
}
