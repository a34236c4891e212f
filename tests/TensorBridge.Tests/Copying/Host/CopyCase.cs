using System.Text;
using TensorBridge.Copying;
using TensorBridge.Copying.Host;

namespace TensorBridge.Tests.Copying.Host;

/// <summary>One copy between two buffers, executed by the host engine and by a naive loop; the destination buffers are compared byte for byte, margins and gaps included.</summary>
internal sealed unsafe class CopyCase
{
    private const int Margin = 192;

    private readonly long[] _shape;
    private readonly long[] _source;
    private readonly long[] _destination;
    private readonly CopyOp _op;
    private readonly int _sourceShift;
    private readonly int _destinationShift;

    public CopyCase(CopyOp op, long[] shape, long[] sourceStrides, long[] destinationStrides, int sourceShift = 0, int destinationShift = 0)
    {
        (_op, _shape, _source, _destination) = (op, shape, sourceStrides, destinationStrides);
        (_sourceShift, _destinationShift) = (sourceShift, destinationShift);
    }

    /// <summary>Strides of a buffer whose axes lie in memory in the given order, innermost first, with gaps and signs.</summary>
    public static long[] Layout(long[] shape, int[] order, int item, Func<int, long> gap, Func<int, bool> reversed)
    {
        var strides = new long[shape.Length];
        long stride = item;
        foreach (int axis in order)
        {
            stride += gap(axis);
            strides[axis] = reversed(axis) ? -stride : stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /// <summary>Executes and compares; through the front door the engine chooses kernels, streaming and its ways for small copies itself.</summary>
    public void Check(InstructionSet instructionSet, bool stream, int degree = 1, bool frontDoor = false)
    {
        (long sourceLow, long sourceBytes) = Span(_source, _op.SourceItemSize);
        (long destinationLow, long destinationBytes) = Span(_destination, _op.DestinationItemSize);
        byte[] source = new byte[sourceBytes + (2 * Margin)];
        for (int i = 0; i < source.Length; i++)
            source[i] = (byte)((i * 7) + (i >> 8) + (i >> 16) + 1);
        byte[] actual = GC.AllocateArray<byte>((int)destinationBytes + (2 * Margin), pinned: true);
        byte[] expected = new byte[actual.Length];
        Array.Fill(actual, (byte)0xEE);
        Array.Fill(expected, (byte)0xEE);
        Plan plan = Planner.GetOrCreate(_op, _shape, _source, _destination);
        fixed (byte* s = source, a = actual, e = expected)
        {
            // The shift is counted from a line, so that every alignment is met on purpose.
            byte* from = s + 64 - ((nint)s & 63) + _sourceShift - sourceLow;
            long start = 64 - ((nint)a & 63) + _destinationShift - destinationLow;
            Naive(from, e + start, 0);
            Assert.True(frontDoor
                ? HostEngine.Execute(plan, from, a + start, degree)
                : HostEngine.Execute(HostKernels.Create(instructionSet), plan, from, a + start, stream, degree, null));
        }
        int different = actual.AsSpan().CommonPrefixLength(expected);
        Assert.True(different == actual.Length, $"{this} on {instructionSet}{(stream ? " streaming" : "")} x{degree}: byte {different} of {actual.Length}; {plan}");
    }

    private static (long Low, long Bytes) Reach(long[] shape, long[] strides, int item)
    {
        long low = 0;
        long high = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            low += Math.Min(0, (shape[i] - 1) * strides[i]);
            high += Math.Max(0, (shape[i] - 1) * strides[i]);
        }
        return (low, high - low + item);
    }

    private (long Low, long Bytes) Span(long[] strides, int item) => Reach(_shape, strides, item);

    private void Naive(byte* source, byte* destination, int axis)
    {
        if (axis < _shape.Length)
        {
            for (long i = 0; i < _shape[axis]; i++)
                Naive(source + (i * _source[axis]), destination + (i * _destination[axis]), axis + 1);
            return;
        }
        int unit = _op.Kind == CopyOpKind.ByteSwap ? _op.SwapUnit : 1;
        for (int i = 0; i < _op.SourceItemSize; i++)
            destination[i] = source[(i / unit * unit) + unit - 1 - (i % unit)];
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(_op).Append(" (").AppendJoin(", ", _shape).Append(") from (").AppendJoin(", ", _source).Append(") to (").AppendJoin(", ", _destination);
        return text.Append(") shifts ").Append(_sourceShift).Append(", ").Append(_destinationShift).ToString();
    }
}
