using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>One copy: what is done, between which arrays, and how far both blocks of memory are off their natural alignment.</summary>
internal sealed record CopyCase(CopyOp Op, TestArray Source, TestArray Destination, int SourceShift = 0, int DestinationShift = 0)
{
    /// <summary>Random source bytes and a destination of recognisable ones.</summary>
    public (byte[] Source, byte[] Destination) Memory(int seed)
    {
        byte[] source = new byte[Source.Length];
        new Random(seed).NextBytes(source);
        byte[] destination = new byte[Destination.Length];
        Array.Fill(destination, (byte)0xA5);
        return (source, destination);
    }

    /// <summary>What the destination's block must hold afterwards, gaps included.</summary>
    public unsafe byte[] Expected(byte[] source, byte[] destination)
    {
        byte[] result = [.. destination];
        fixed (byte* from = source, to = result)
            ReferenceEngine.Execute(Op, from + Source.Start, to + Destination.Start, Source.Shape, Source.Strides, Destination.Strides);
        return result;
    }

    /// <summary>Makes all NaNs alike: which one a conversion gives is not defined.</summary>
    public void Canonicalize(byte[] destination)
    {
        int size = Op.Kind != CopyOpKind.Cast ? 0 : Op.DestinationType switch
        {
            ElementType.Float16 or ElementType.BFloat16 or ElementType.Complex32 => 2,
            ElementType.Float32 or ElementType.Complex64 => 4,
            ElementType.Float64 or ElementType.Complex128 => 8,
            _ => 0,
        };
        if (size == 0)
            return;
        foreach (long item in Offsets(Destination))
        {
            for (int at = 0; at < Op.DestinationItemSize; at += size)
                Canonicalize(destination.AsSpan((int)item + at, size));
        }
    }

    private void Canonicalize(Span<byte> component)
    {
        Span<byte> native = stackalloc byte[component.Length];
        component.CopyTo(native);
        if (Op.SwapDestination)
            native.Reverse();
        bool nan = native.Length switch
        {
            2 => Op.DestinationType == ElementType.BFloat16
                ? float.IsNaN(BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(native) << 16))
                : Half.IsNaN(BitConverter.ToHalf(native)),
            4 => float.IsNaN(BitConverter.ToSingle(native)),
            _ => double.IsNaN(BitConverter.ToDouble(native)),
        };
        if (nan)
            component.Fill(0xFF);
    }

    private static IEnumerable<long> Offsets(TestArray array)
    {
        long count = array.Shape.Aggregate(1L, (a, b) => a * b);
        for (long i = 0; i < count; i++)
        {
            long rest = i;
            long offset = array.Start;
            for (int axis = array.Shape.Length - 1; axis >= 0; axis--)
            {
                offset += rest % array.Shape[axis] * array.Strides[axis];
                rest /= array.Shape[axis];
            }
            yield return offset;
        }
    }

    public override string ToString() => $"{Op}: {Source} (+{SourceShift}) -> {Destination} (+{DestinationShift})";
}
