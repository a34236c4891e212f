using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds a tensor dense in C order, of any rank, to a flat view.</summary>
internal abstract class FlatBinder<T, TView> : ViewBinder<T, TView>
    where T : unmanaged
{
    private protected FlatBinder(KernelParameter parameter, bool isWritten)
        : base(parameter, isWritten, "(*)")
    {
    }

    public override bool TryGetSpace(TensorHandle tensor, int indexRank, out IndexSpace space)
    {
        space = IndexSpace.Of(tensor.ElementCount);
        return indexRank == 1;
    }

    protected override void CheckLayout(Layout layout, in KernelArgument argument)
    {
        if (!layout.IsCContiguous)
            throw ArgumentErrors.Mismatch(this, argument, "it must be dense in C order: call ToContiguous(), mark the parameter [Dense], or declare a StridedView");
    }
}
