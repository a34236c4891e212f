using System.Runtime.CompilerServices;

namespace TensorBridge.Copying;

/// <summary>Reads and writes one element in native byte order at any address.</summary>
internal static unsafe class ScalarCodec
{
    public static ScalarValue Read(ElementType type, byte* at) => type switch
    {
        ElementType.Boolean => new(*at != 0 ? Int128.One : Int128.Zero),
        ElementType.Int8 => new((Int128)(*(sbyte*)at)),
        ElementType.Int16 => new((Int128)Unsafe.ReadUnaligned<short>(at)),
        ElementType.Int32 => new((Int128)Unsafe.ReadUnaligned<int>(at)),
        ElementType.Int64 or ElementType.DateTime64 or ElementType.TimeDelta64 => new((Int128)Unsafe.ReadUnaligned<long>(at)),
        ElementType.UInt8 => new((Int128)(*at)),
        ElementType.UInt16 => new((Int128)Unsafe.ReadUnaligned<ushort>(at)),
        ElementType.UInt32 => new((Int128)Unsafe.ReadUnaligned<uint>(at)),
        ElementType.UInt64 => new((Int128)Unsafe.ReadUnaligned<ulong>(at)),
        ElementType.Float16 => new((double)Unsafe.ReadUnaligned<Half>(at)),
        ElementType.BFloat16 => new(BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(at) << 16)),
        ElementType.Float32 => new(Unsafe.ReadUnaligned<float>(at)),
        ElementType.Float64 => new(Unsafe.ReadUnaligned<double>(at)),
        ElementType.Complex32 => new((double)Unsafe.ReadUnaligned<Half>(at), (double)Unsafe.ReadUnaligned<Half>(at + 2)),
        ElementType.Complex64 => new(Unsafe.ReadUnaligned<float>(at), Unsafe.ReadUnaligned<float>(at + 4)),
        ElementType.Complex128 => new(Unsafe.ReadUnaligned<double>(at), Unsafe.ReadUnaligned<double>(at + 8)),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Opaque items have no value."),
    };

    public static void Write(ElementType type, byte* at, in ScalarValue value)
    {
        switch (type)
        {
            case ElementType.Boolean: *at = value.IsTrue ? (byte)1 : (byte)0; break;
            case ElementType.Int8: *at = (byte)value.ToBits(1, true); break;
            case ElementType.UInt8: *at = (byte)value.ToBits(1, false); break;
            case ElementType.Int16: Unsafe.WriteUnaligned(at, (short)value.ToBits(2, true)); break;
            case ElementType.UInt16: Unsafe.WriteUnaligned(at, (ushort)value.ToBits(2, false)); break;
            case ElementType.Int32: Unsafe.WriteUnaligned(at, (int)value.ToBits(4, true)); break;
            case ElementType.UInt32: Unsafe.WriteUnaligned(at, (uint)value.ToBits(4, false)); break;
            case ElementType.Int64 or ElementType.DateTime64 or ElementType.TimeDelta64: Unsafe.WriteUnaligned(at, value.ToBits(8, true)); break;
            case ElementType.UInt64: Unsafe.WriteUnaligned(at, value.ToBits(8, false)); break;
            case ElementType.Float16: Unsafe.WriteUnaligned(at, value.ToHalf()); break;
            case ElementType.BFloat16: Unsafe.WriteUnaligned(at, value.ToBFloat16()); break;
            case ElementType.Float32: Unsafe.WriteUnaligned(at, value.ToSingle()); break;
            case ElementType.Float64: Unsafe.WriteUnaligned(at, value.Real); break;
            case ElementType.Complex32:
                Unsafe.WriteUnaligned(at, value.ToHalf());
                Unsafe.WriteUnaligned(at + 2, (Half)value.Imaginary);
                break;
            case ElementType.Complex64:
                Unsafe.WriteUnaligned(at, value.ToSingle());
                Unsafe.WriteUnaligned(at + 4, (float)value.Imaginary);
                break;
            case ElementType.Complex128:
                Unsafe.WriteUnaligned(at, value.Real);
                Unsafe.WriteUnaligned(at + 8, value.Imaginary);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "Opaque items have no value.");
        }
    }
}
