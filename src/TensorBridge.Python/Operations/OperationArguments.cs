using System.Numerics;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>The arguments of a call from Python, by position in the signature.</summary>
/// <remarks>
/// Tensors among them are borrowed: they end with the call. An operation that keeps one, or returns a part of one, takes a view
/// (<see cref="TensorHandle.Share"/>, slices, transposes), which has a count of its own.
/// </remarks>
internal sealed class OperationArguments : IDisposable
{
    private readonly object?[] _values;
    private List<TensorHandle>? _tensors;

    /// <param name="values">The arguments as the native side wrote them.</param>
    public OperationArguments(ReadOnlySpan<RawValue> values)
    {
        _values = new object?[values.Length];
        try
        {
            for (int i = 0; i < values.Length; i++)
                _values[i] = OperationValue.Read(in values[i], this);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => _values.Length;

    /// <summary>
    /// An argument of any kind: null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>,
    /// <see cref="Complex"/>, <see cref="string"/>, <see cref="byte"/> array, <see cref="TensorHandle"/>, object array (a tuple),
    /// <see cref="List{T}"/> of objects, <see cref="Dictionary{TKey, TValue}"/> of objects by string, <see cref="SliceValue"/>,
    /// <see cref="EllipsisValue"/>, or <see cref="nint"/> (an opaque Python object).
    /// </summary>
    public object? this[int index] => _values[index];

    /// <summary>A parameter of kind tensor.</summary>
    public TensorHandle Tensor(int index) => (TensorHandle)_values[index]!;

    /// <summary>A parameter of kind tensor with the default None.</summary>
    public TensorHandle? OptionalTensor(int index) => (TensorHandle?)_values[index];

    /// <summary>A parameter of kind int.</summary>
    public long Integer(int index) => (long)_values[index]!;

    /// <summary>A parameter of kind int with the default None.</summary>
    public long? OptionalInteger(int index) => (long?)_values[index];

    /// <summary>A parameter of kind float.</summary>
    public double Float(int index) => (double)_values[index]!;

    /// <summary>A parameter of kind bool.</summary>
    public bool Boolean(int index) => (bool)_values[index]!;

    /// <summary>A parameter of kind bool with the default None.</summary>
    public bool? OptionalBoolean(int index) => (bool?)_values[index];

    /// <summary>A parameter of kind str.</summary>
    public string String(int index) => (string)_values[index]!;

    /// <summary>A parameter of kind str with the default None.</summary>
    public string? OptionalString(int index) => (string?)_values[index];

    /// <summary>A parameter of kind object: a PyObject*, borrowed for the call; 0 for the default None.</summary>
    public nint Object(int index) => _values[index] is nint value ? value : 0;

    /// <summary>A parameter of kind shape.</summary>
    public long[] Shape(int index) => OptionalShape(index) ?? throw new TensorFormatException("a shape is missing", isWrongType: true);

    /// <summary>A parameter of kind shape with the default None.</summary>
    public long[]? OptionalShape(int index) => _values[index] is object?[] items ? [.. items.Select(item => (long)item!)] : null;

    /// <summary>A parameter of kind dtype: a typestr, or a name as NumPy and ml_dtypes spell it.</summary>
    /// <exception cref="TensorFormatException">No element type is spelt so.</exception>
    public DType DType(int index) => TensorBridge.DType.FromName(String(index));

    /// <summary>A parameter of kind dtype with the default None.</summary>
    public DType? OptionalDType(int index) => OptionalString(index) is string text ? TensorBridge.DType.FromName(text) : null;

    /// <summary>The remaining positional arguments.</summary>
    public ReadOnlySpan<object?> Rest(int index) => (object?[])_values[index]!;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_tensors is null)
            return;
        foreach (TensorHandle tensor in _tensors)
            tensor.Dispose();
        _tensors = null;
    }

    /// <summary>Takes a tensor that ends with the call.</summary>
    internal TensorHandle Borrow(TensorHandle tensor)
    {
        (_tensors ??= []).Add(tensor);
        return tensor;
    }

    /// <summary>True for a tensor that ends with the call.</summary>
    internal bool IsBorrowed(TensorHandle tensor) => _tensors is not null && _tensors.Contains(tensor);
}
