using System.Numerics;
using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>A plain Python value as the source of a copy, of the type that NumPy 2 gives it beside its destination.</summary>
/// <remarks>
/// A lone number has no width of its own: an int takes any numeric type and a float any floating or complex one, whatever the
/// casting rule, and an int out of range is an error under every rule. Numbers in lists are int64, float64 and complex128 and go by the rule.
/// </remarks>
internal static unsafe class SourceValue
{
    /// <summary>The tensor of a parameter of kind source, owned by the caller.</summary>
    /// <param name="value">What Python passed.</param>
    /// <param name="target">The element type of the destination.</param>
    /// <exception cref="TensorFormatException">The value has no element type, or its lists are ragged.</exception>
    /// <exception cref="OverflowException">An int is out of the range of its type.</exception>
    public static TensorHandle Of(object? value, DType target)
    {
        if (value is TensorHandle tensor)
            return tensor.Share();
        if (NestedValues.IsAxis(value, DType.Float64))
            return OfLists(value);
        return Allocate(IsWeak(value, target) ? target : ElementWriter.TypeOf(value), value, []);
    }

    private static bool IsWeak(object? value, DType target) => value switch
    {
        bool => false,
        long or BigInteger => target.IsNumeric && target.Kind != ElementKind.Boolean,
        double => target.Kind is ElementKind.Float or ElementKind.BrainFloat or ElementKind.Complex,
        Complex => target.Kind == ElementKind.Complex,
        string => target.Kind == ElementKind.Text,
        _ => false,
    };

    private static TensorHandle OfLists(object? lists)
    {
        long[] shape = NestedValues.ShapeOf(lists, DType.Float64);
        return Allocate(CommonType([.. NestedValues.Leaves(lists, DType.Float64)]), lists, shape);
    }

    private static TensorHandle Allocate(DType type, object? value, long[] shape)
    {
        TensorHandle result = TensorAllocator.Shared.Allocate(type, shape, zero: true);
        try
        {
            byte* item = (byte*)result.Data;
            foreach (object? leaf in shape.Length == 0 ? [value] : NestedValues.Leaves(value, type))
            {
                ElementWriter.Write(type, leaf, new Span<byte>(item, type.ItemSize));
                item += type.ItemSize;
            }

            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    // The least type in the order of Python's own numbers that holds all of them; NumPy gives floats to an empty list.
    private static DType CommonType(List<object?> leaves)
    {
        List<DType> types = [.. leaves.Select(TypeOfLeaf)];
        if (types.Count == 0)
            return DType.Float64;
        if (types.All(type => type.Kind == types[0].Kind && !type.IsNumeric))
            return types.MaxBy(type => type.ItemSize)!;
        if (types.Find(type => !type.IsNumeric) is { } other)
            throw new TensorFormatException($"the list holds elements of the types {types[0]} and {(other == types[0] ? types.Find(type => type != other) : other)}, which have no common one", isWrongType: true);
        bool isBeyondIntegers = types.Contains(DType.UInt64) && leaves.Exists(leaf => leaf is < 0L);
        DType widest = types.MaxBy(Rank)!;
        return isBeyondIntegers && Rank(widest) < Rank(DType.Float64) ? DType.Float64 : widest;
    }

    private static DType TypeOfLeaf(object? leaf) => leaf is TensorHandle tensor
        ? throw new TensorFormatException($"a list of Python values was expected, it holds {tensor}; copy arrays one by one", isWrongType: true)
        : ElementWriter.TypeOf(leaf);

    private static int Rank(DType type) => type.Kind switch
    {
        ElementKind.Boolean => 0,
        ElementKind.SignedInteger => 1,
        ElementKind.UnsignedInteger => 2,
        ElementKind.Float => 3,
        _ => 4,
    };
}
