using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>Storing a Python value in a tensor: an array, nested lists, a record's tuple, or one value for every element.</summary>
internal static unsafe class Assignment
{
    /// <summary>Stores a value, broadcasting as NumPy's assignment does; arrays are converted under the rule 'unsafe'.</summary>
    /// <exception cref="TensorFormatException">The value does not fit the element type, or its lists are ragged.</exception>
    /// <exception cref="TensorLayoutException">The shapes do not fit, or the target is read-only or overlaps itself.</exception>
    /// <exception cref="OverflowException">A number is out of the element type's range.</exception>
    public static void Run(TensorHandle target, object? value)
    {
        if (DeviceAssignment.IsNeeded(null, target, value))
            DeviceAssignment.Run(target, value, stream: null);
        else if (value is TensorHandle source)
            TensorCopy.Copy(source, target, Interruptible.Options with { Casting = CastingRule.Unsafe });
        else if (NestedValues.IsAxis(value, target.DType))
            StoreLists(target, value);
        else if (target.DType.IsRecord)
            StoreFields(target, value);
        else
            StoreElement(target, value);
    }

    private static void StoreElement(TensorHandle target, object? value)
    {
        Span<byte> item = target.DType.ItemSize <= 256 ? stackalloc byte[target.DType.ItemSize] : new byte[target.DType.ItemSize];
        ElementWriter.Write(target.DType, value, item);
        TensorCopy.Fill(target, item, Interruptible.Options);
    }

    private static void StoreFields(TensorHandle target, object? value)
    {
        if (value is not object?[] items || items.Length != target.DType.Fields.Length)
            throw new TensorFormatException($"a record of type {target.DType} is stored from a tuple of {target.DType.Fields.Length} values", isWrongType: value is not object?[]);
        for (int i = 0; i < items.Length; i++)
        {
            using TensorHandle field = target[target.DType.Fields[i].Name];
            Run(field, items[i]);
        }
    }

    // Through memory of its own: a value that does not fit must not leave half a list written.
    private static void StoreLists(TensorHandle target, object? lists)
    {
        DType type = target.DType;
        using TensorHandle values = TensorAllocator.Shared.Allocate(type, NestedValues.ShapeOf(lists, type), zero: true);
        using TensorHandle flat = values.Reshape(-1);
        byte* at = (byte*)values.Data;
        long position = 0;
        foreach (object? leaf in NestedValues.Leaves(lists, type))
        {
            if (leaf is TensorHandle || type.IsRecord)
            {
                using TensorHandle element = flat[position];
                Run(element, leaf);
            }
            else
            {
                ElementWriter.Write(type, leaf, new Span<byte>(at + (position * type.ItemSize), type.ItemSize));
            }

            position++;
        }

        TensorCopy.Copy(values, target, Interruptible.Options with { Casting = CastingRule.No });
    }
}
