using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Copies of a few dozen words and at most two axes, for which finding the right kernel would take longer than the copy.</summary>
internal static unsafe class SmallCopy
{
    /// <summary>Most words.</summary>
    public const long MostWords = 128;

    /// <summary>True for copies that belong here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Takes(Plan plan) => plan.Rank <= 2 && plan.Bytes <= MostWords * plan.WordSize && plan.Op.Kind is CopyOpKind.Copy or CopyOpKind.Fill;

    /// <summary>Copies word by word.</summary>
    public static void Run(Plan plan, byte* source, byte* destination)
    {
        ReadOnlySpan<long> extents = plan.Extents;
        ReadOnlySpan<long> sources = plan.SourceStrides;
        ReadOnlySpan<long> destinations = plan.DestinationStrides;
        var inner = new HostAxis((nint)extents[0], (nint)sources[0], (nint)destinations[0]);
        HostAxis outer = extents.Length == 2 ? new HostAxis((nint)extents[1], (nint)sources[1], (nint)destinations[1]) : new HostAxis(1, 0, 0);
        switch (plan.WordSize)
        {
            case 1: Run<byte>(inner, outer, source, destination); break;
            case 2: Run<ushort>(inner, outer, source, destination); break;
            case 4: Run<uint>(inner, outer, source, destination); break;
            case 8: Run<ulong>(inner, outer, source, destination); break;
            default: Run<Vector128<byte>>(inner, outer, source, destination); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T>(HostAxis inner, HostAxis outer, byte* source, byte* destination) where T : unmanaged
    {
        for (nint row = 0; row < outer.Extent; row++, source += outer.Source, destination += outer.Destination)
        {
            byte* from = source;
            byte* to = destination;
            for (nint i = 0; i < inner.Extent; i++, from += inner.Source, to += inner.Destination)
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<T>(from));
        }
    }
}
