using System.Reflection;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>A method that is a kernel: its index, its parameters, and what binds them.</summary>
internal sealed class KernelMethod
{
    private KernelMethod(MethodInfo method, int indexRank, Type? indexType, ParameterBinder[] binders)
    {
        Method = method;
        Name = KernelNames.Of(method);
        IndexRank = indexRank;
        IndexType = indexType;
        Binders = binders;
        Parameters = [.. binders.Select(binder => binder.Parameter)];
        ParameterTypes = [.. Parameters.Select(parameter => parameter.Type)];
    }

    public MethodInfo Method { get; }

    public string Name { get; }

    /// <summary>1 to 3, or 0 for an explicitly grouped kernel.</summary>
    public int IndexRank { get; }

    /// <summary>The index type, or null for an explicitly grouped kernel.</summary>
    public Type? IndexType { get; }

    /// <summary>Makes an index from one number per axis; there is none for an explicitly grouped kernel.</summary>
    public ConstructorInfo IndexConstructor => IndexType!.GetConstructor([.. Enumerable.Repeat(typeof(int), IndexRank)])!;

    public ParameterBinder[] Binders { get; }

    public KernelParameter[] Parameters { get; }

    public Type[] ParameterTypes { get; }

    /// <summary>The method as users read it: <c>Saxpy(alpha: float32, x: tensor[float32, (*)])</c>.</summary>
    public string Signature =>
        $"{Name}({string.Join(", ", Parameters.AsEnumerable())}) over {(IndexType is null ? "(grid, group)" : IndexType.Name)}";

    /// <summary>Reads a method; null with the reason when it is no kernel.</summary>
    public static KernelMethod? Read(MethodInfo method, out string? reason)
    {
        ParameterInfo[] parameters = method.GetParameters();
        int rank = parameters.Length == 0 ? 0 : KernelTypes.IndexRank(parameters[0].ParameterType);
        reason = Refusal(method, parameters, rank);
        if (reason is not null)
            return null;
        ParameterInfo[] own = rank == 0 ? parameters : parameters[1..];
        var binders = new ParameterBinder[own.Length];
        for (int i = 0; i < own.Length; i++)
        {
            var parameter = new KernelParameter(i + 1, own[i].Name ?? $"argument{i + 1}", own[i].ParameterType, own[i].IsDefined(typeof(DenseAttribute)));
            if (KernelTypes.CreateBinder(parameter, out reason) is not { } binder)
            {
                reason = $"parameter '{parameter.Name}': {reason}";
                return null;
            }

            binders[i] = binder;
        }

        return new KernelMethod(method, rank, rank == 0 ? null : parameters[0].ParameterType, binders);
    }

    private static string? Refusal(MethodInfo method, ParameterInfo[] parameters, int rank)
    {
        if (!method.IsStatic || !method.IsPublic)
            return "a kernel is a public static method";
        if (method.ReturnType != typeof(void))
            return "a kernel returns void";
        if (method.ContainsGenericParameters)
            return "a generic method has no parameter types yet: write a method that calls it with its types";
        return rank == 0 && !parameters.Any(parameter => KernelTypes.IsKernelOnly(parameter.ParameterType))
            ? "a kernel has Index1D, Index2D or Index3D first, or, explicitly grouped, takes at least one view"
            : null;
    }
}
