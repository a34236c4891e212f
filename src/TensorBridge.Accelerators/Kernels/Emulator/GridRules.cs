using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Checks the launch configuration of an explicitly grouped kernel.</summary>
internal static class GridRules
{
    /// <exception cref="TensorLayoutException">Grid or group is missing, not positive, or larger than the accelerator allows.</exception>
    public static KernelConfig Find(KernelMethod kernel, AcceleratorBridge bridge, LaunchOptions options)
    {
        if (options.Grid is not { } grid || options.Group is not { } group)
            throw new TensorLayoutException($"{kernel.Name} is explicitly grouped: give the grid and the group");
        Accelerator accelerator = bridge.Accelerator;
        if (Smallest(grid) < 1 || Smallest(group) < 1)
            throw new TensorLayoutException($"grid {Text(grid)} and group {Text(group)} must be positive");
        if ((Int128)group.X * group.Y * group.Z > accelerator.MaxNumThreadsPerGroup || Exceeds(group, accelerator.MaxGroupSize))
            throw new TensorLayoutException($"group {Text(group)} exceeds the {accelerator.MaxNumThreadsPerGroup} threads that a group can have on {accelerator.Name}");
        if (Exceeds(grid, accelerator.MaxGridSize))
            throw new TensorLayoutException($"grid {Text(grid)} exceeds {Text(accelerator.MaxGridSize)} on {accelerator.Name}");
        return new KernelConfig(grid, group);
    }

    private static int Smallest(Index3D size) => Math.Min(size.X, Math.Min(size.Y, size.Z));

    private static bool Exceeds(Index3D size, Index3D limit) => size.X > limit.X || size.Y > limit.Y || size.Z > limit.Z;

    private static string Text(Index3D size) => TensorText.Tuple([size.X, size.Y, size.Z]);
}
