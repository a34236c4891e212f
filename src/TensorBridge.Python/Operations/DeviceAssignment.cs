using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>Storing a Python value where a device has to do it: an array by a copy, one element by a fill, lists through host memory.</summary>
internal static unsafe class DeviceAssignment
{
    /// <summary>True when the target, or an array that is stored in it, is not the processor's.</summary>
    /// <exception cref="TensorFormatException">A stream is given and all memory is the host's.</exception>
    public static bool IsNeeded(long? stream, TensorHandle target, object? value) =>
        value is TensorHandle source ? DeviceWork.IsNeeded(stream, target, source) : DeviceWork.IsNeeded(stream, target);

    /// <inheritdoc cref="Assignment.Run"/>
    public static void Run(TensorHandle target, object? value, long? stream)
    {
        if (value is TensorHandle source)
        {
            DeviceCopies.Copy(source, target, CastingRule.Unsafe, stream);
            return;
        }

        bool isList = NestedValues.IsAxis(value, target.DType);
        using TensorHandle image = TensorAllocator.Shared.Allocate(target.DType, isList ? NestedValues.ShapeOf(value, target.DType) : [], zero: true);
        Assignment.Run(image, value);
        if (isList)
            DeviceCopies.Copy(image, target, CastingRule.No, stream);
        else
            DeviceAllocation.Fill(target, new ReadOnlySpan<byte>((void*)image.Data, target.DType.ItemSize), stream);
    }
}
