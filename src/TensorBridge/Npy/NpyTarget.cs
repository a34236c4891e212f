using TensorBridge.Copying;

namespace TensorBridge;

/// <summary>What a tensor becomes in a .npy file: element type, dense layout, header. Everything is checked before a file is touched.</summary>
internal sealed class NpyTarget
{
    private NpyTarget(DType type, Layout layout, Order order)
    {
        Type = type;
        Layout = layout;
        Order = order;
        Header = NpyHeaderWriter.Write(type, layout.Shape, order);
    }

    /// <summary>The element type in the file.</summary>
    public DType Type { get; }

    /// <summary>The layout in the file.</summary>
    public Layout Layout { get; }

    /// <summary>C or Fortran order.</summary>
    public Order Order { get; }

    /// <summary>The bytes before the data.</summary>
    public byte[] Header { get; }

    /// <summary>Bytes of the whole file.</summary>
    public long FileLength => checked(Header.Length + Layout.PayloadBytes);

    /// <summary>The header as a reader would give it.</summary>
    public NpyHeader ToHeader() => new(Header[6], Type, Layout, Order, Header.Length);

    /// <summary>A new file of a given shape.</summary>
    public static NpyTarget Of(DType type, ReadOnlySpan<long> shape, Order order) =>
        new(type, Layout.Contiguous(shape, type.ItemSize, order), order);

    /// <summary>A tensor to be saved.</summary>
    /// <param name="source">The tensor.</param>
    /// <param name="order">C, F, or K for Fortran order where the tensor is dense in it and C order elsewhere, as NumPy.</param>
    /// <param name="type">The element type in the file, or null for the tensor's.</param>
    /// <param name="casting">Which conversions are allowed.</param>
    public static NpyTarget For(TensorDescriptor source, Order order, DType? type, CastingRule casting)
    {
        HostCopy.CheckReachable(source, "source");
        type ??= source.DType;
        CastCheck.ThrowUnlessAllowed(source.DType, type, casting);
        bool wantsFortran = order == Order.F || (order == Order.K && source.Layout.IsFContiguous);
        Layout fortran = Layout.Contiguous(source.Shape, type.ItemSize, Order.F);
        // Where both orders are the same bytes, NumPy says C.
        return wantsFortran && !fortran.IsCContiguous ? new NpyTarget(type, fortran, Order.F) : Of(type, source.Shape, Order.C);
    }

    /// <summary>True when the file holds the tensor's bytes as they lie in memory.</summary>
    public bool IsCopyOf(TensorDescriptor source) => source.DType.Equals(Type) && source.Layout.IsContiguous(Order);
}
