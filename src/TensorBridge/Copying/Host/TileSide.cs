using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>
/// One side of a tile: words that lie side by side in one of the two buffers, and where each of them starts a row in the other. A side is one axis, or several
/// that continue each other (a virtual axis), so that short axes still make long runs.
/// </summary>
internal unsafe struct TileSide
{
    /// <summary>Words.</summary>
    public nint Extent;

    /// <summary>True for one axis: all its rows are <see cref="Stride"/> apart.</summary>
    public bool IsSingle;

    /// <summary>Bytes from one row to the next in the other buffer; 0 for a virtual axis.</summary>
    public nint Stride;

    /// <summary>Offsets of the rows: of all of them for a virtual axis, of the first block's for a single one.</summary>
    public nint* Rows;

    /// <summary>Offset of the row that <see cref="RowsFrom"/> counts from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint Base(nint index) => index * Stride;

    /// <summary>Row offsets from <paramref name="index"/> on, relative to <see cref="Base"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint* RowsFrom(nint index) => IsSingle ? Rows : Rows + index;

    /// <summary>Offset of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint Offset(nint index) => IsSingle ? index * Stride : Rows[index];
}
