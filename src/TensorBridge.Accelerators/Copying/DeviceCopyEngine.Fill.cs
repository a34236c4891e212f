using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>Fills with a value of the host.</content>
internal sealed partial class DeviceCopyEngine
{
    /// <summary>Stores one item everywhere. Items that are one word travel as a kernel parameter; others are put into device memory first.</summary>
    public void Fill(ReadOnlySpan<byte> item, ReadOnlySpan<long> shape, ReadOnlySpan<long> destinationStrides, in DeviceMemory destination, AcceleratorStream stream)
    {
        Span<long> zeros = stackalloc long[shape.Length];
        zeros.Clear();
        CopyOp op = CopyOp.Fill(item.Length);
        Plan plan = Planner.GetOrCreate(op, shape, zeros, destinationStrides, 16, (nint)destination.Place);
        if (plan.Path == CopyPath.Nothing)
            return;
        if (plan.Path == CopyPath.Fill && plan.WordSize == item.Length)
            Fill(plan, destination, Pattern(item), stream);
        else
            FillFromMemory(plan, item, destination, stream);
    }

    private static V16 Pattern(ReadOnlySpan<byte> item)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (int at = 0; at < bytes.Length; at += item.Length)
            item.CopyTo(bytes[at..]);
        return System.Runtime.InteropServices.MemoryMarshal.Read<V16>(bytes);
    }

    private void FillFromMemory(Plan plan, ReadOnlySpan<byte> item, in DeviceMemory destination, AcceleratorStream stream)
    {
        MemoryBuffer block = Pool.Rent(item.Length + 16, stream);
        try
        {
            // The plan was made for a source on 16 bytes.
            DeviceMemory own = At(block);
            own = own.Offset(-own.Place & 15);
            own.View<byte>(0, item.Length).CopyFromCPU(stream, item);
            Execute(plan, own, destination, stream);
        }
        finally
        {
            Pool.Return(block, stream);
        }
    }
}
