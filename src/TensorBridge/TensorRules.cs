namespace TensorBridge;

/// <summary>The checks that every import makes before anything may read the memory.</summary>
internal static class TensorRules
{
    /// <summary>Checks that memory with elements has an address, and that its extent stays inside the address space.</summary>
    /// <exception cref="TensorFormatException">The pointer is NULL although there are elements.</exception>
    /// <exception cref="OverflowException">The extent leaves the address space.</exception>
    public static void CheckMemory(nuint data, DeviceType device, ReadOnlySpan<long> shape, long count, long itemSize, (long Low, long High) extent)
    {
        if (count == 0 || itemSize == 0)
            return;
        if (data == 0)
            throw new TensorFormatException($"data is NULL although shape {TensorText.Tuple(shape)} has {count} elements");

        // OpenCL's "pointer" is a handle: only its being there can be checked.
        if (device != DeviceType.OpenCL)
            LayoutMath.CheckAddressRange(data, extent.Low, extent.High);
    }

    /// <summary>Checks that all elements together can be counted in bytes.</summary>
    /// <exception cref="OverflowException">They are more than 2^63-1.</exception>
    public static void CheckPayload(ReadOnlySpan<long> shape, long count, long itemSize)
    {
        if (itemSize > 0 && count > long.MaxValue / itemSize)
            throw new OverflowException($"shape {TensorText.Tuple(shape)} with items of {itemSize} bytes holds more than 2^63-1 bytes");
    }
}
