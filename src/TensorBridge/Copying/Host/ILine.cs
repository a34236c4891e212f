using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>64 bytes in registers, the unit in which rows move. One implementation per instruction set: one, two or four registers.</summary>
internal unsafe interface ILine<TSelf>
    where TSelf : unmanaged, ILine<TSelf>
{
    /// <summary>Loads 64 bytes from any address.</summary>
    static abstract TSelf Load(byte* source);

    /// <summary>Stores 64 bytes to any address.</summary>
    static abstract void Store(TSelf line, byte* destination);

    /// <summary>Stores 64 bytes past the caches, back to back; the destination is aligned to 64.</summary>
    static abstract void Stream(TSelf line, byte* destination);

    /// <summary>The same 16 bytes four times.</summary>
    static abstract TSelf Repeat(Vector128<byte> quarter);

    /// <summary>Permutes the bytes inside each 16-byte lane by the lane-local indices in <paramref name="order"/>.</summary>
    static abstract TSelf Shuffle(TSelf line, TSelf order);

    /// <summary>The four 16-byte lanes in reverse order.</summary>
    static abstract TSelf ReverseLanes(TSelf line);
}
