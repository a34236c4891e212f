using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying;

/// <summary>Executes plain plans word by word.</summary>
internal static unsafe class PlainEngine
{
    public static void Execute(Plan plan, byte* source, byte* destination)
    {
        source += plan.SourceOffset;
        destination += plan.DestinationOffset;
        switch (plan.WordSize)
        {
            case 1: Run<byte>(plan, plan.Rank - 1, source, destination); break;
            case 2: Run<ushort>(plan, plan.Rank - 1, source, destination); break;
            case 4: Run<uint>(plan, plan.Rank - 1, source, destination); break;
            case 8: Run<ulong>(plan, plan.Rank - 1, source, destination); break;
            default: Run<Vector128<byte>>(plan, plan.Rank - 1, source, destination); break;
        }
    }

    private static void Run<TWord>(Plan plan, int axis, byte* source, byte* destination) where TWord : unmanaged
    {
        long extent = plan.Extents[axis];
        long from = plan.SourceStrides[axis];
        long to = plan.DestinationStrides[axis];
        for (long i = 0; i < extent; i++, source += from, destination += to)
        {
            if (axis == 0)
                Unsafe.WriteUnaligned(destination, Unsafe.ReadUnaligned<TWord>(source));
            else
                Run<TWord>(plan, axis - 1, source, destination);
        }
    }
}
