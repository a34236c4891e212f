using System.Collections.Concurrent;

namespace TensorBridge.Interop;

/// <summary>Numbers for element types, by which the native side names them. A type keeps its number for the life of the process.</summary>
/// <remarks>
/// The numbers of the well-known types are fixed, 0 to <see cref="FixedCount"/>-1 in the order of <see cref="Fixed"/>;
/// the rest is handed out on demand. The table is bounded, since its entries come from foreign input.
/// </remarks>
internal static class DTypeTable
{
    /// <summary>The most types one process may use.</summary>
    public const int Capacity = 1 << 20;

    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<DType, int> Ids = new();
    private static DType[] _types = new DType[256];
    private static int _count;

    static DTypeTable()
    {
        foreach (DType type in Fixed)
            Add(type);
    }

    /// <summary>The types whose numbers never change: their index here.</summary>
    public static ReadOnlySpan<DType> Fixed => new[]
    {
        DType.Boolean,
        DType.Int8, DType.Int16, DType.Int32, DType.Int64,
        DType.UInt8, DType.UInt16, DType.UInt32, DType.UInt64,
        DType.Float16, DType.Float32, DType.Float64, DType.BFloat16,
        DType.Complex32, DType.Complex64, DType.Complex128,
    };

    /// <summary>How many numbers are fixed.</summary>
    public static int FixedCount => Fixed.Length;

    /// <summary>How many types have a number now.</summary>
    public static int Count => Volatile.Read(ref _count);

    /// <summary>The type's number.</summary>
    /// <exception cref="TensorUnsupportedException">The process uses more than <see cref="Capacity"/> different types.</exception>
    public static int IdOf(DType type)
    {
        int id = type.TableId;
        if (id >= 0)
            return id;
        if (!Ids.TryGetValue(type, out id))
            id = Add(type);
        type.TableId = id;
        return id;
    }

    /// <summary>The type with a number.</summary>
    /// <exception cref="TensorFormatException">No type has the number.</exception>
    public static DType Get(int id) => (uint)id < (uint)Count
        ? Volatile.Read(ref _types)[id]
        : throw new TensorFormatException($"element type number {id} was never handed out; {Count} are in use");

    private static int Add(DType type)
    {
        lock (Gate)
        {
            if (Ids.TryGetValue(type, out int known))
                return known;
            int id = _count;
            if (id == Capacity)
                throw new TensorUnsupportedException($"this process has used {Capacity} different element types; {type} is one too many");
            if (id == _types.Length)
            {
                DType[] larger = new DType[id * 2];
                _types.CopyTo(larger, 0);
                Volatile.Write(ref _types, larger);
            }

            _types[id] = type;
            type.TableId = id;
            Ids[type] = id;
            Volatile.Write(ref _count, id + 1);
            return id;
        }
    }
}
