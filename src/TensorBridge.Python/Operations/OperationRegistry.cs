using System.Reflection;

namespace TensorBridge.Python.Operations;

/// <summary>Every method of this assembly that is marked with <see cref="OperationAttribute"/>.</summary>
internal static class OperationRegistry
{
    private static readonly Lazy<Operation[]> All = new(Find);

    /// <summary>The operations; their index is the number that the native side uses.</summary>
    public static Operation[] Operations => All.Value;

    private static Operation[] Find()
    {
        const BindingFlags anyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var found = new List<Operation>();
        foreach (Type type in typeof(OperationRegistry).Assembly.GetTypes())
        {
            if (type.Namespace != typeof(OperationRegistry).Namespace || !type.IsAbstract || !type.IsSealed)
                continue;
            foreach (MethodInfo method in type.GetMethods(anyStatic))
            {
                if (method.GetCustomAttribute<OperationAttribute>() is OperationAttribute attribute)
                    found.Add(Make(attribute, method));
            }
        }

        return [.. found.OrderBy(operation => operation.Name, StringComparer.Ordinal)];
    }

    private static Operation Make(OperationAttribute attribute, MethodInfo method) => method.ReturnType == typeof(void)
        ? new Operation(attribute, method.CreateDelegate<RawOperation>())
        : new Operation(attribute, method.CreateDelegate<Func<OperationArguments, object?>>());
}
