using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>What every accelerator must do, whichever it is.</summary>
internal static class CopyTestBodies
{
    /// <summary>Runs one case and compares the whole block of the destination, gaps included, with the reference engine's.</summary>
    public static IReadOnlyList<string> Check(ICopyExecutor executor, CopyCase copy, int seed)
    {
        (byte[] source, byte[] destination) = copy.Memory(seed);
        byte[] expected = copy.Expected(source, destination);
        (byte[] actual, IReadOnlyList<string> kernels) = executor.Run(copy, source, destination);
        if (!expected.AsSpan().SequenceEqual(actual))
        {
            copy.Canonicalize(expected);
            copy.Canonicalize(actual);
        }
        int at = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(at == expected.Length, $"seed {seed}, {copy}\n{string.Join(", ", kernels)}\nfirst difference at byte {at}: expected {Around(expected, at)}, got {Around(actual, at)}");
        return kernels;
    }

    public static void Directed(ICopyExecutor executor, string name)
    {
        (_, string kernel, CopyCase copy) = DirectedCases.All().Single(each => each.Name == name);
        IReadOnlyList<string> kernels = Check(executor, copy, 7);
        if (kernel.Length > 0)
            Assert.Equal(kernel, Assert.Single(kernels));
    }

    public static void Random(ICopyExecutor executor, int first, int count, int largest)
    {
        for (int seed = first; seed < first + count; seed++)
            Check(executor, RandomCases.Create(seed, largest), seed);
    }

    /// <summary>Casts of values that matter: halves between two representable ones, overflows, infinities, the ends of the integers.</summary>
    public static void Casts(ICopyExecutor executor, ElementType from, ElementType[] targets)
    {
        foreach (ElementType to in targets)
            CastValues.Check(executor, from, to);
    }

    private static string Around(byte[] bytes, int at) =>
        at >= bytes.Length ? "the end" : Convert.ToHexString(bytes.AsSpan(at, Math.Min(16, bytes.Length - at)));
}
