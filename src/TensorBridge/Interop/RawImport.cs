using TensorBridge.Protocols;

namespace TensorBridge.Interop;

/// <summary>What the native side calls: raw fields in, a validated raw tensor out, without allocation for everyday types.</summary>
/// <remarks>
/// Only here are the rules applied; the native side extracts fields. Callers at the native boundary catch everything:
/// the documented exceptions are <see cref="TensorFormatException"/>, <see cref="TensorUnsupportedException"/> and
/// <see cref="OverflowException"/>. No memory of the tensor is read.
/// </remarks>
internal static unsafe class RawImport
{
    /// <summary>Validates a buffer (PEP 3118).</summary>
    /// <param name="raw">The exporter's <c>Py_buffer</c>.</param>
    /// <param name="tensor">Takes the result; its shape and strides have room for the buffer's rank.</param>
    public static void Buffer(in RawBuffer raw, ref RawTensor tensor)
    {
        int rank = raw.Rank;
        if ((uint)rank > LayoutMath.MaxRank)
            throw new TensorFormatException($"the buffer has ndim {rank}; ranks are 0 to {LayoutMath.MaxRank}");
        if (raw.ItemSize < 0 || raw.Len < 0)
            throw new TensorFormatException($"the buffer has itemsize {raw.ItemSize} and len {raw.Len}; both are 0 or more");
        if (raw.Suboffsets is not null)
            CheckSuboffsets(in raw);
        DType type = FormatCache.Get(raw.Format, raw.ItemSize);
        tensor.Rank = rank;
        SetShape(in raw, tensor.ShapeSpan, type);
        if (raw.Strides is null)
            LayoutMath.FillCStrides(tensor.ShapeSpan, type.ItemSize, tensor.StrideSpan);
        else
            new ReadOnlySpan<long>(raw.Strides, rank).CopyTo(tensor.StrideSpan);
        tensor.Data = raw.Buf;
        tensor.DeviceType = (int)DeviceType.Cpu;
        tensor.DeviceId = 0;
        tensor.Stream = 0;
        tensor.Flags = raw.ReadOnly != 0 ? RawTensorFlags.ReadOnly : 0;
        long count = RawTensorRules.Complete(ref tensor, type, out _);
        if (raw.Len != count * type.ItemSize)
            throw new TensorFormatException($"the buffer has len {raw.Len}, its shape {TensorText.Tuple(tensor.ShapeSpan)} with itemsize {raw.ItemSize} needs {count * type.ItemSize}");
        tensor.DTypeId = DTypeTable.IdOf(type);
    }

    /// <summary>Validates a <c>PyArrayInterface</c>.</summary>
    /// <param name="raw">The struct of the capsule.</param>
    /// <param name="tensor">Takes the result; its shape and strides have room for the struct's rank.</param>
    public static void ArrayStruct(in RawArrayStruct raw, ref RawTensor tensor) => Protocols.ArrayStruct.Read(in raw, ref tensor);

    /// <summary>Validates the text of an array interface dictionary.</summary>
    /// <param name="utf8">
    /// The text of a live dictionary with the tags <c>&lt;type 'name'&gt;</c>, <c>&lt;index 'name' 3&gt;</c> and
    /// <c>&lt;buffer address length readonly&gt;</c> where no literal can say a value. Strings in single quotes mark it as
    /// Python's, whose lists are no tuples.
    /// </param>
    /// <param name="kind">Which interface the dictionary is.</param>
    /// <param name="tensor">Takes the result; its shape and strides have room for 64 entries each.</param>
    public static void Interface(ReadOnlySpan<byte> utf8, RawInterfaceKind kind, ref RawTensor tensor)
    {
        ArrayInterfaceKind protocol = kind == RawInterfaceKind.Cuda ? ArrayInterfaceKind.Cuda : ArrayInterfaceKind.Host;
        DType type = ArrayInterfaceParser.Parse(utf8, protocol, kind == RawInterfaceKind.FromBuffer, allowTags: true, ref tensor);
        tensor.DTypeId = DTypeTable.IdOf(type);
    }

    private static void SetShape(in RawBuffer raw, Span<long> shape, DType type)
    {
        if (raw.Shape is not null)
        {
            new ReadOnlySpan<long>(raw.Shape, raw.Rank).CopyTo(shape);
        }
        else if (raw.Rank == 1)
        {
            // A request without ND gives the bytes only; whether they divide evenly shows when len is compared.
            shape[0] = type.ItemSize == 0 ? 0 : raw.Len / type.ItemSize;
        }
        else if (raw.Rank > 1)
        {
            throw new TensorFormatException($"the buffer has ndim {raw.Rank} and a NULL shape");
        }
    }

    private static void CheckSuboffsets(in RawBuffer raw)
    {
        foreach (long suboffset in new ReadOnlySpan<long>(raw.Suboffsets, raw.Rank))
        {
            if (suboffset >= 0)
                throw new TensorUnsupportedException("the buffer has suboffsets: its rows lie behind pointers, which no strides can say; make a contiguous copy first");
        }
    }
}
