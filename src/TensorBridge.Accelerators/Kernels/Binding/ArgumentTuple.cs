using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Value tuples as storage for any number of arguments: after seven items the rest is a tuple again.</summary>
internal static class ArgumentTuple
{
    private const int Direct = 7;

    /// <summary>The tuple type for these items.</summary>
    public static Type TypeOf(ReadOnlySpan<Type> items)
    {
        if (items.Length > Direct)
            return typeof(ValueTuple<,,,,,,,>).MakeGenericType([.. items[..Direct], TypeOf(items[Direct..])]);
        Type? open = items.Length switch
        {
            0 => null,
            1 => typeof(ValueTuple<>),
            2 => typeof(ValueTuple<,>),
            3 => typeof(ValueTuple<,,>),
            4 => typeof(ValueTuple<,,,>),
            5 => typeof(ValueTuple<,,,,>),
            6 => typeof(ValueTuple<,,,,,>),
            _ => typeof(ValueTuple<,,,,,,>),
        };
        return open?.MakeGenericType(items.ToArray()) ?? typeof(ValueTuple);
    }

    /// <summary>With the tuple's address on the stack, replaces it by the address of the tuple that holds the item directly, and returns the item's field.</summary>
    public static FieldInfo EmitDescent(ILGenerator il, Type tuple, int item)
    {
        for (; item >= Direct; item -= Direct)
        {
            FieldInfo rest = tuple.GetField("Rest")!;
            il.Emit(OpCodes.Ldflda, rest);
            tuple = rest.FieldType;
        }

        return tuple.GetField($"Item{item + 1}")!;
    }
}
