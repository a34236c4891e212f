using System.Reflection;
using ILGPU.Runtime.CPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>The few private members of ILGPU 1.5.3's emulator that the guard needs; everything that depends on them is here.</summary>
internal static class CpuInternals
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private const string Namespace = "ILGPU.Runtime.CPU.";

    private static readonly Assembly Ilgpu = typeof(CPUKernel).Assembly;
    private static readonly FieldInfo Body = Field(typeof(CPUKernel), "<KernelExecutionDelegate>k__BackingField");
    private static readonly PropertyInfo CurrentThread = Property("CPURuntimeThreadContext", "Current");
    private static readonly PropertyInfo WarpIndex = Property("CPURuntimeThreadContext", "WarpIndex");
    private static readonly PropertyInfo CurrentGroup = Property("CPURuntimeGroupContext", "Current");
    private static readonly PropertyInfo Multiprocessor = Property("CPURuntimeContext", "Multiprocessor");
    private static readonly FieldInfo WarpBarriers = Field(TypeNamed("CPUMultiprocessor+ParallelProcessor"), "warpBarriers");

    /// <summary>The method that the emulator calls per thread.</summary>
    public static CPUKernelExecutionHandler GetBody(CPUKernel kernel) => (CPUKernelExecutionHandler)Body.GetValue(kernel)!;

    /// <summary>Puts another in its place.</summary>
    public static void SetBody(CPUKernel kernel, CPUKernelExecutionHandler body) => Body.SetValue(kernel, body);

    /// <summary>Takes the calling emulator thread off the barrier of its warp for the rest of the launch.</summary>
    public static void LeaveWarpBarrier()
    {
        object processor = Multiprocessor.GetValue(CurrentGroup.GetValue(null))!;
        if (!WarpBarriers.DeclaringType!.IsInstanceOfType(processor))
            return;
        var warp = (int)WarpIndex.GetValue(CurrentThread.GetValue(null))!;
        Barrier barrier = ((Barrier[])WarpBarriers.GetValue(processor)!)[warp];
        if (barrier.ParticipantCount > 0)
            barrier.RemoveParticipant();
    }

    private static Type TypeNamed(string name) => Ilgpu.GetType(Namespace + name, throwOnError: true)!;

    private static FieldInfo Field(Type type, string name) =>
        type.GetField(name, Any) ?? throw new MissingFieldException(type.FullName, name);

    private static PropertyInfo Property(string type, string name) =>
        TypeNamed(type).GetProperty(name, Any) ?? throw new MissingMemberException(type, name);
}
