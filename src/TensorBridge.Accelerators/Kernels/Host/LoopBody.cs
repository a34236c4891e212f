using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>What the host loop does for one index.</summary>
internal abstract class LoopBody
{
    /// <summary>Emits what is done once per chunk: arguments into locals.</summary>
    public abstract void EmitPrologue(ILGenerator il, FrameType frame);

    /// <summary>Emits what is done once per run of neighbouring indices; the locals hold the first.</summary>
    public virtual void EmitRun(ILGenerator il, LocalBuilder[] index)
    {
        // Most bodies go by the index alone.
    }

    /// <summary>Emits what is done between two indices of a run.</summary>
    public virtual void EmitStep(ILGenerator il)
    {
        // Most bodies go by the index alone.
    }

    /// <summary>Emits the work for the index whose parts are in the given locals.</summary>
    public abstract void EmitIteration(ILGenerator il, LocalBuilder[] index);
}
