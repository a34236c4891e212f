using System.Globalization;
using System.Numerics;
using System.Text;
using TensorBridge.Protocols;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>Reads a value that the native side wrote.</summary>
internal static unsafe class OperationValue
{
    /// <summary>The value as an object; see <see cref="OperationArguments.this"/> for the types.</summary>
    public static object? Read(in RawValue value, OperationArguments owner) => value.Kind switch
    {
        RawValueKind.None => null,
        RawValueKind.Boolean => value.Integer != 0,
        RawValueKind.Integer => value.Integer,
        RawValueKind.BigInteger => BigInteger.Parse(Encoding.UTF8.GetString(value.TextSpan), CultureInfo.InvariantCulture),
        RawValueKind.Float => value.Real,
        RawValueKind.Complex => new Complex(value.Real, value.Imaginary),
        RawValueKind.String => Encoding.UTF8.GetString(value.TextSpan),
        RawValueKind.Bytes => value.TextSpan.ToArray(),
        RawValueKind.List => new List<object?>(ReadItems(in value, owner)),
        RawValueKind.Tuple => ReadItems(in value, owner),
        RawValueKind.Literal => PythonLiteral.Parse(value.TextSpan, allowTags: true, out _),
        RawValueKind.Tensor => owner.Borrow(BlockReference.Share(value.Block)),
        RawValueKind.Object => value.Object,
        RawValueKind.Slice => ReadSlice(ReadItems(in value, owner)),
        RawValueKind.Ellipsis => EllipsisValue.Instance,
        _ => throw new InvalidOperationException($"a value of the unknown kind {(int)value.Kind} came from the native side"),
    };

    private static object?[] ReadItems(in RawValue value, OperationArguments owner)
    {
        ReadOnlySpan<RawValue> items = value.ItemSpan;
        var result = new object?[items.Length];
        for (int i = 0; i < items.Length; i++)
            result[i] = Read(in items[i], owner);
        return result;
    }

    private static SliceValue ReadSlice(object?[] parts) => new(Bound(parts[0]), Bound(parts[1]), Bound(parts[2]));

    // Python clips the bounds of a slice, so that those beyond 64 bits are as good as the ends of the range.
    private static long? Bound(object? part) => part switch
    {
        null => null,
        long number => number,
        BigInteger { Sign: < 0 } => long.MinValue,
        _ => long.MaxValue,
    };
}
