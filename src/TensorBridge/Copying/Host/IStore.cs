using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>How a register reaches memory: through the caches or past them.</summary>
internal unsafe interface IStore
{
    /// <summary>Stores one register.</summary>
    static abstract void Put<TLanes>(TLanes lanes, byte* destination) where TLanes : unmanaged, ILanes<TLanes>;

    /// <summary>Stores one line.</summary>
    static abstract void Put(Vector512<byte> line, byte* destination);
}

/// <summary>An ordinary store: the line stays in the caches.</summary>
internal readonly unsafe struct CachedStore : IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<TLanes>(TLanes lanes, byte* destination) where TLanes : unmanaged, ILanes<TLanes> => TLanes.Store(lanes, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<byte> line, byte* destination) => line.Store(destination);
}

/// <summary>A non-temporal store of a whole aligned line: the old line is never read. Narrower pieces would cost four to nine times a line.</summary>
internal readonly unsafe struct StreamingStore : IStore
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<TLanes>(TLanes lanes, byte* destination) where TLanes : unmanaged, ILanes<TLanes> => TLanes.Stream(lanes, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(Vector512<byte> line, byte* destination) => line.StoreAlignedNonTemporal(destination);
}
