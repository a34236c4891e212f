using System.Runtime.InteropServices;
using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Replaces every NaN that a cast has written by one and the same.</summary>
internal static class NaNs
{
    public static byte[] Normalized(CopyCase test, ReadOnlySpan<byte> memory)
    {
        byte[] bytes = memory.ToArray();
        int unit = test.Op.DestinationType.ComponentSize();
        if (test.Op.DestinationType is < ElementType.Float16 or > ElementType.Complex128)
            return bytes;
        (long low, _) = test.Extent(test.DestinationStrides, test.Op.DestinationItemSize);
        long origin = Offset(test, memory.Length) - low;
        long[] shape = test.Shape;
        long[] index = new long[shape.Length];
        long[] strides = test.DestinationStrides;
        while (true)
        {
            long at = origin;
            for (int i = 0; i < index.Length; i++)
                at += index[i] * strides[i];
            for (int part = 0; part < test.Op.DestinationItemSize; part += unit)
                Normalize(bytes.AsSpan((int)at + part, unit), test.Op);
            int axis = shape.Length - 1;
            while (axis >= 0 && ++index[axis] == shape[axis])
                index[axis--] = 0;
            if (axis < 0)
                return bytes;
        }
    }

    // Guarded memory holds the extent and nothing else; ordinary memory has 64 bytes more and starts at the case's offset.
    private static long Offset(CopyCase test, long length)
    {
        (long low, long high) = test.Extent(test.DestinationStrides, test.Op.DestinationItemSize);
        return length == high - low ? 0 : test.DestinationOffset;
    }

    private static void Normalize(Span<byte> component, CopyOp op)
    {
        if (op.SwapDestination)
            component.Reverse();
        bool isNaN = op.DestinationType switch
        {
            ElementType.BFloat16 => (MemoryMarshal.Read<ushort>(component) & 0x7FFF) > 0x7F80,
            _ when component.Length == 2 => Half.IsNaN(MemoryMarshal.Read<Half>(component)),
            _ when component.Length == 4 => float.IsNaN(MemoryMarshal.Read<float>(component)),
            _ => double.IsNaN(MemoryMarshal.Read<double>(component)),
        };
        if (isNaN)
            component.Fill(0xFF);
        if (op.SwapDestination)
            component.Reverse();
    }
}
