using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>Writes what an operation returned.</summary>
/// <remarks>
/// null, bool, integers, floats, <see cref="Complex"/>, <see cref="BigInteger"/>, string, byte array, <see cref="TensorHandle"/> (which the
/// Python object then owns), tuples and object arrays (a tuple), other lists (a list), dictionaries.
/// </remarks>
internal static unsafe class OperationResult
{
    /// <summary>Writes a result. What it took is freed again when a part of it cannot be written.</summary>
    /// <exception cref="InvalidOperationException">The operation returned something that Python has no value for.</exception>
    public static void Write(object? value, OperationArguments arguments, RawValue* result)
    {
        *result = default;
        switch (value)
        {
            case null:
                break;
            case bool flag:
                result->Kind = RawValueKind.Boolean;
                result->Integer = flag ? 1 : 0;
                break;
            case sbyte or byte or short or ushort or int or uint or long or nint:
                result->Kind = RawValueKind.Integer;
                result->Integer = value is nint address ? address : Convert.ToInt64(value, CultureInfo.InvariantCulture);
                break;
            case ulong or nuint or BigInteger:
                WriteBytes(RawValueKind.BigInteger, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value}")), result);
                break;
            case Half or float or double:
                result->Kind = RawValueKind.Float;
                result->Real = value is Half half ? (double)half : Convert.ToDouble(value, CultureInfo.InvariantCulture);
                break;
            case Complex complex:
                result->Kind = RawValueKind.Complex;
                result->Real = complex.Real;
                result->Imaginary = complex.Imaginary;
                break;
            case string text:
                WriteBytes(RawValueKind.String, Encoding.UTF8.GetBytes(text), result);
                break;
            case byte[] bytes:
                WriteBytes(RawValueKind.Bytes, bytes, result);
                break;
            case TensorHandle tensor:
                WriteTensor(tensor, arguments, result);
                break;
            case IDictionary dictionary:
                WriteDictionary(dictionary, arguments, result);
                break;
            case ITuple tuple:
                WriteItems(RawValueKind.Tuple, Enumerable.Range(0, tuple.Length).Select(i => tuple[i]).ToList(), arguments, result);
                break;
            case IEnumerable items:
                WriteItems(value is object?[] ? RawValueKind.Tuple : RawValueKind.List, [.. items.Cast<object?>()], arguments, result);
                break;
            default:
                throw new InvalidOperationException($"an operation returned a {value.GetType()}, which has no Python form");
        }
    }

    private static void WriteTensor(TensorHandle tensor, OperationArguments arguments, RawValue* result)
    {
        // An argument ends with the call; what goes back to Python needs a count of its own.
        nint block = ManagedBlock.Create(arguments.IsBorrowed(tensor) ? tensor.Share() : tensor);
        result->Block = block;
        result->Tensor = NativeCore.Api->BlockTensor(block);
        result->Kind = RawValueKind.Tensor;
    }

    private static void WriteBytes(RawValueKind kind, ReadOnlySpan<byte> bytes, RawValue* result)
    {
        result->Text = (byte*)Allocate(bytes.Length);
        result->Length = bytes.Length;
        bytes.CopyTo(new Span<byte>(result->Text, bytes.Length));
        result->Kind = kind;
    }

    private static void WriteDictionary(IDictionary dictionary, OperationArguments arguments, RawValue* result)
    {
        var items = new List<object?>(2 * dictionary.Count);
        foreach (DictionaryEntry entry in dictionary)
        {
            items.Add(entry.Key);
            items.Add(entry.Value);
        }

        WriteItems(RawValueKind.Dictionary, items, arguments, result);
    }

    private static void WriteItems(RawValueKind kind, List<object?> items, OperationArguments arguments, RawValue* result)
    {
        var memory = (RawValue*)Allocate((long)items.Count * sizeof(RawValue));
        int done = 0;
        try
        {
            for (; done < items.Count; done++)
                Write(items[done], arguments, &memory[done]);
        }
        catch
        {
            for (int i = 0; i < done; i++)
                Free(&memory[i]);
            NativeCore.Api->Free((nint)memory);
            foreach (TensorHandle tensor in items.Skip(done).OfType<TensorHandle>())
                tensor.Dispose();
            throw;
        }

        result->Items = memory;
        result->Count = items.Count;
        result->Kind = kind;
    }

    private static nint Allocate(long size)
    {
        nint memory = NativeCore.Api->Allocate(size);
        return memory != 0 ? memory : throw new OutOfMemoryException($"no memory for a result of {size} bytes");
    }

    private static void Free(RawValue* value)
    {
        switch (value->Kind)
        {
            case RawValueKind.BigInteger or RawValueKind.String or RawValueKind.Bytes:
                NativeCore.Api->Free((nint)value->Text);
                break;
            case RawValueKind.Tensor:
                NativeCore.Api->BlockDrop(value->Block);
                break;
            case RawValueKind.Tuple or RawValueKind.List or RawValueKind.Dictionary:
                for (long i = 0; i < value->Count; i++)
                    Free(&value->Items[i]);
                NativeCore.Api->Free((nint)value->Items);
                break;
        }
    }
}
