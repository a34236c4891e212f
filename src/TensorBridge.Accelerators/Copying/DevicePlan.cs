using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>A <see cref="Plan"/> made ready for one accelerator and for addresses of one alignment: kernels loaded, parameters fixed.</summary>
internal sealed class DevicePlan
{
    private readonly DeviceLaunch[] _launches;

    private DevicePlan(DeviceLaunch[] launches, IReadOnlyList<KernelChoice> choices)
    {
        _launches = launches;
        Choices = choices;
    }

    /// <summary>The kernels, in launch order; empty when the driver copies or nothing moves.</summary>
    public IReadOnlyList<KernelChoice> Choices { get; }

    public static DevicePlan Create(Plan plan, int sourceAlignment, int destinationAlignment, DeviceTraits traits, KernelCache kernels)
    {
        List<KernelChoice> choices = DevicePlanner.Choose(plan, sourceAlignment, destinationAlignment, traits);
        return Create(plan, choices, kernels);
    }

    /// <summary>One that stores a value given with each call.</summary>
    public static DevicePlan CreateFill(Plan plan, int destinationAlignment, KernelCache kernels) =>
        Create(plan, DevicePlanner.ChooseFill(plan, destinationAlignment), kernels);

    private static DevicePlan Create(Plan plan, List<KernelChoice> choices, KernelCache kernels)
    {
        long sourceSpan = PlanBounds.SourceSpan(plan);
        long destinationSpan = PlanBounds.DestinationSpan(plan);
        DeviceLaunch[] launches = [.. choices.Select(choice => Load(choice, kernels, sourceSpan, destinationSpan))];
        return new DevicePlan(launches, choices);
    }

    /// <summary>Launches all kernels. Both places are the lowest bytes that the plan touches.</summary>
    public void Execute(AcceleratorStream stream, in DeviceMemory source, in DeviceMemory destination)
    {
        foreach (DeviceLaunch launch in _launches)
            launch.Execute(stream, source, destination);
    }

    /// <summary>Launches all kernels of a fill.</summary>
    public void Fill(AcceleratorStream stream, in DeviceMemory destination, V16 pattern)
    {
        foreach (DeviceLaunch launch in _launches)
            launch.Fill(stream, destination, pattern);
    }

    private static DeviceLaunch Load(KernelChoice choice, KernelCache kernels, long sourceSpan, long destinationSpan)
    {
        Type type = typeof(DeviceLaunch<,,,>).MakeGenericType(choice.SourceWord, choice.DestinationWord, choice.Shape.GetType(), choice.Axes.GetType());
        return (DeviceLaunch)Activator.CreateInstance(type, choice, kernels, sourceSpan, destinationSpan)!;
    }
}
