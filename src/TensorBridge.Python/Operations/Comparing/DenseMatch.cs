using System.Numerics;
using System.Runtime.InteropServices;

namespace TensorBridge.Python.Operations;

/// <summary>Compares two dense runs of memory, a vector at a time.</summary>
internal static unsafe class DenseMatch
{
    // How much is compared between two looks at signals: some tenths of a millisecond.
    private const long RunBytes = 4 << 20;

    /// <summary>True when all elements match. The addresses need no alignment.</summary>
    /// <param name="a">The first element of one side.</param>
    /// <param name="b">The first element of the other side.</param>
    /// <param name="count">How many <typeparamref name="T"/> there are; a complex number counts two.</param>
    /// <param name="match">The rule.</param>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public static bool All<T, TMatch>(nuint a, nuint b, long count, TMatch match)
        where T : unmanaged
        where TMatch : struct, IElementMatch<T>
    {
        long run = RunBytes / sizeof(T);
        for (long start = 0; start < count; start += run)
        {
            if (start > 0)
                Interruptible.ThrowIfInterrupted();
            int length = (int)Math.Min(run, count - start);
            if (!Run(new ReadOnlySpan<T>((T*)a + start, length), new ReadOnlySpan<T>((T*)b + start, length), match))
                return false;
        }

        return true;
    }

    private static bool Run<T, TMatch>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, TMatch match)
        where T : unmanaged
        where TMatch : struct, IElementMatch<T>
    {
        ref T first = ref MemoryMarshal.GetReference(a);
        ref T second = ref MemoryMarshal.GetReference(b);
        int at = 0;
        for (; at <= a.Length - Vector<T>.Count; at += Vector<T>.Count)
        {
            bool isSure = match.IsSure(Vector.LoadUnsafe(ref first, (nuint)at), Vector.LoadUnsafe(ref second, (nuint)at));
            if (!isSure && !match.Decide(a.Slice(at, Vector<T>.Count), b.Slice(at, Vector<T>.Count)))
                return false;
        }

        return match.Decide(a[at..], b[at..]);
    }
}
