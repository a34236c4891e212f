using System.Reflection;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Names of kernels: namespace, type and method with dots between, nested types included.</summary>
internal static class KernelNames
{
    public static string Of(MethodInfo method) => $"{method.DeclaringType!.FullName!.Replace('+', '.')}.{method.Name}";

    /// <summary>True when <paramref name="asked"/> is the name or its last parts.</summary>
    public static bool Matches(string name, string asked) => name == asked || name.EndsWith("." + asked, StringComparison.Ordinal);
}
