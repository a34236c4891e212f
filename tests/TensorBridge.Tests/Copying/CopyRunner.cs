using System.Runtime.InteropServices;
using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Runs a case with an engine and with the reference, and compares every byte of the destination, gaps included.</summary>
internal static unsafe class CopyRunner
{
    public delegate void Engine(Plan plan, byte* source, byte* destination);

    /// <summary>In ordinary memory, at odd addresses.</summary>
    public static void Check(CopyCase test, Engine engine)
    {
        (long sourceLow, long sourceHigh) = test.Extent(test.SourceStrides, test.Op.SourceItemSize);
        (long low, long high) = test.Extent(test.DestinationStrides, test.Op.DestinationItemSize);
        byte[] source = new byte[sourceHigh - sourceLow + 64];
        byte[] destination = new byte[high - low + 64];
        new Random(test.Seed).NextBytes(source);
        new Random(~test.Seed).NextBytes(destination);
        byte[] expected = (byte[])destination.Clone();
        fixed (byte* from = source, to = destination, should = expected)
        {
            byte* first = from + test.SourceOffset - sourceLow;
            ReferenceEngine.Execute(test.Op, first, should + test.DestinationOffset - low, test.Shape, test.SourceStrides, test.DestinationStrides);
            engine(Plan(test), first, to + test.DestinationOffset - low);
        }
        Compare(test, expected, destination);
    }

    /// <summary>Between guard pages: a byte too far on either side of either buffer ends the process.</summary>
    public static void CheckGuarded(CopyCase test, Engine engine, bool atEnd)
    {
        (long sourceLow, long sourceHigh) = test.Extent(test.SourceStrides, test.Op.SourceItemSize);
        (long low, long high) = test.Extent(test.DestinationStrides, test.Op.DestinationItemSize);
        using var source = new GuardedMemory(sourceHigh - sourceLow, atEnd);
        using var destination = new GuardedMemory(high - low, atEnd);
        new Random(test.Seed).NextBytes(source.Bytes);
        byte[] expected = new byte[high - low];
        fixed (byte* should = expected)
            ReferenceEngine.Execute(test.Op, source.Start - sourceLow, should - low, test.Shape, test.SourceStrides, test.DestinationStrides);
        engine(Plan(test), source.Start - sourceLow, destination.Start - low);
        Compare(test, expected, destination.Bytes);
    }

    public static Plan Plan(CopyCase test) => Planner.GetOrCreate(test.Op, test.Shape, test.SourceStrides, test.DestinationStrides);

    /// <summary>NaN may keep another payload: the type and its quietness are what counts.</summary>
    private static void Compare(CopyCase test, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.SequenceEqual(actual))
            return;
        if (test.Op.Kind == CopyOpKind.Cast && NaNs.Normalized(test, expected).AsSpan().SequenceEqual(NaNs.Normalized(test, actual)))
            return;
        int at = expected.CommonPrefixLength(actual);
        Assert.Fail($"byte {at} differs: expected {expected[at]:x2}, got {actual[at]:x2}\n{test}\n{Plan(test)}");
    }
}
