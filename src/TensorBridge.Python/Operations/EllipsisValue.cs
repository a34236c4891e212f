namespace TensorBridge.Python.Operations;

/// <summary>Python's <c>...</c>.</summary>
internal sealed class EllipsisValue
{
    private EllipsisValue()
    {
    }

    /// <summary>The only one.</summary>
    public static EllipsisValue Instance { get; } = new();
}
