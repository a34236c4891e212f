namespace TensorBridge.Accelerators.Copying;

/// <summary>Names of kernel types for people and files.</summary>
internal static class KernelNames
{
    /// <summary>The name with its type arguments, as C# writes it.</summary>
    public static string Of(Type type)
    {
        string name = type.Name;
        int mark = name.IndexOf('`');
        return mark < 0 ? name : $"{name[..mark]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
