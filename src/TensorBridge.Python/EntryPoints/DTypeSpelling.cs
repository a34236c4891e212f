using System.Runtime.InteropServices;
using TensorBridge.DLPack;
using TensorBridge.Protocols;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.EntryPoints;

/// <summary>How the native side spells an element type in every protocol.</summary>
internal static unsafe class DTypeSpelling
{
    /// <summary>Spells a type. The native side asks once per type and keeps the texts, so that they are never freed.</summary>
    public static RawDTypeInfo Of(DType type)
    {
        var info = new RawDTypeInfo
        {
            ItemSize = type.ItemSize,
            TypeString = Text(type.TypeString),
            Format = HasFormat(type) ? Text(BufferFormat.Format(type)) : null,
            Description = type.IsRecord && RecordDescription.IsSequential(type) ? Text(LiteralText.Write(RecordDescription.Write(type))) : null,
            Name = Text(type.Name),
            DLPackCode = -1,
            StructKind = ArrayStruct.KindOf(type),
            Swapped = type.IsNativeOrder ? 0 : 1,
        };
        SetDLPack(ref info, type);
        return info;
    }

    // Items without a meaning would be written as padding ('4x'), which NumPy reads as a record without fields. Without a format
    // it takes the dictionary, which says what they are.
    private static bool HasFormat(DType type) => type.IsNumeric && type.Kind != ElementKind.BrainFloat
        || type.Kind is ElementKind.Bytes or ElementKind.Text or ElementKind.Record;

    private static void SetDLPack(ref RawDTypeInfo info, DType type)
    {
        try
        {
            DLDataType code = DLPackDType.ToDLPack(type);
            info.DLPackCode = code.code;
            info.DLPackBits = code.bits;
            info.DLPackLanes = code.lanes;
            if (code.bits < 8 && !type.IsPacked)
                info.DLPackFlags = (int)DLPackConstants.DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED;
        }
        catch (TensorUnsupportedException)
        {
            // Stays -1: DLPack has no code for it.
        }
    }

    private static byte* Text(string? text) => (byte*)Marshal.StringToCoTaskMemUTF8(text);
}
