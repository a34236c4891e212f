using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Channels by byte shuffles of single 16-byte registers: each output is put together from one shuffle of every input. Serves AVX2 and every other processor.</summary>
internal sealed unsafe class ChannelKernels128 : ChannelKernels
{
    protected override int RegisterBytes => 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Route(in ChannelRoute route, byte* destination, byte* source, nint blocks, bool stream)
    {
        fixed (byte* table = route.Table.Lanes(route.Channels))
        {
            if (route.Channels == 2)
                RouteTwo(route, table, destination, source, blocks);
            else if (route.Channels == 3)
                RouteThree(route, table, destination, source, blocks);
            else
                RouteFour(route, table, destination, source, blocks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RouteTwo(in ChannelRoute route, byte* table, byte* destination, byte* source, nint blocks)
    {
        (nint sourceStep, nint destinationStep) = (route.SourceStep, route.DestinationStep);
        int outputs = route.Outputs == 1 ? 1 : 2;
        for (; blocks > 0; blocks--, source += route.SourceAdvance, destination += route.DestinationAdvance)
        {
            Vector128<byte> a = Vector128.Load(source);
            Vector128<byte> b = Vector128.Load(source + sourceStep);
            for (int c = 0; c < outputs; c++)
                (Pick(a, table, (c * 2) + 0) | Pick(b, table, (c * 2) + 1)).Store(destination + (c * destinationStep));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RouteThree(in ChannelRoute route, byte* table, byte* destination, byte* source, nint blocks)
    {
        (nint sourceStep, nint destinationStep) = (route.SourceStep, route.DestinationStep);
        int outputs = route.Outputs == 1 ? 1 : 3;
        for (; blocks > 0; blocks--, source += route.SourceAdvance, destination += route.DestinationAdvance)
        {
            Vector128<byte> a = Vector128.Load(source);
            Vector128<byte> b = Vector128.Load(source + sourceStep);
            Vector128<byte> d = Vector128.Load(source + (2 * sourceStep));
            for (int c = 0; c < outputs; c++)
                (Pick(a, table, c * 3) | Pick(b, table, (c * 3) + 1) | Pick(d, table, (c * 3) + 2)).Store(destination + (c * destinationStep));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RouteFour(in ChannelRoute route, byte* table, byte* destination, byte* source, nint blocks)
    {
        (nint sourceStep, nint destinationStep) = (route.SourceStep, route.DestinationStep);
        int outputs = route.Outputs == 1 ? 1 : 4;
        for (; blocks > 0; blocks--, source += route.SourceAdvance, destination += route.DestinationAdvance)
        {
            Vector128<byte> a = Vector128.Load(source);
            Vector128<byte> b = Vector128.Load(source + sourceStep);
            Vector128<byte> d = Vector128.Load(source + (2 * sourceStep));
            Vector128<byte> e = Vector128.Load(source + (3 * sourceStep));
            for (int c = 0; c < outputs; c++)
                (Pick(a, table, c * 4) | Pick(b, table, (c * 4) + 1) | Pick(d, table, (c * 4) + 2) | Pick(e, table, (c * 4) + 3)).Store(destination + (c * destinationStep));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pick(Vector128<byte> register, byte* table, int entry) =>
        Vector128.ShuffleNative(register, Vector128.Load(table + (entry * 16)));
}
