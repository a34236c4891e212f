using System.Collections;

namespace TensorBridge.Protocols;

/// <summary>A Python tuple, which the array interface tells apart from a list.</summary>
internal sealed class PythonTuple(IReadOnlyList<object?> items) : IReadOnlyList<object?>
{
    /// <inheritdoc/>
    public int Count => items.Count;

    /// <inheritdoc/>
    public object? this[int index] => items[index];

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
