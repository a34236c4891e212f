using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Executes plans on one ILGPU accelerator: one kernel launch each, or the driver's copy.</summary>
/// <remarks>
/// What a launch needs is found on the plan itself: a repeated copy allocates nothing, looks nothing up and waits for nothing. The stream belongs
/// to the caller. Safe for several threads.
/// </remarks>
internal sealed partial class DeviceCopyEngine : IDisposable
{
    private readonly Accelerator _accelerator;
    private readonly AddressSpace? _space;
    private readonly KernelCache _kernels;
    private readonly DeviceTraits _traits;
    private static readonly Lock s_attaching = new();

    public DeviceCopyEngine(Accelerator accelerator)
        : this(accelerator, DeviceTraits.Of(accelerator))
    {
    }

    /// <summary>For tests: choices as for a device of other traits.</summary>
    internal DeviceCopyEngine(Accelerator accelerator, DeviceTraits traits)
    {
        _accelerator = accelerator;
        _traits = traits;
        _kernels = new KernelCache(accelerator);
        Pool = new StreamPool(accelerator);
        Summaries = new DeviceSummaries(accelerator, Pool);
        Comparisons = new DeviceComparisons(accelerator, Pool);
        _space = accelerator.AcceleratorType == AcceleratorType.OpenCL ? null : new AddressSpace(accelerator);
    }

    /// <summary>Memory for results and temporaries.</summary>
    public StreamPool Pool { get; }

    /// <summary>Statistics and fingerprints.</summary>
    public DeviceSummaries Summaries { get; }

    /// <summary>Comparisons of two tensors.</summary>
    public DeviceComparisons Comparisons { get; }

    /// <summary>Kernels loaded so far.</summary>
    public int KernelCount => _kernels.Count;

    /// <summary>A place given by its address, where addresses are numbers.</summary>
    public DeviceMemory At(nuint address) => _space is { } space
        ? new DeviceMemory(space, (long)address)
        : throw new TensorDeviceException("OpenCL memory has no address; give a buffer");

    /// <summary>The first byte of a buffer.</summary>
    public DeviceMemory At(MemoryBuffer buffer) => _space is { } space
        ? new DeviceMemory(space, buffer.NativePtr)
        : new DeviceMemory(buffer, 0);

    /// <summary>The first byte of a view.</summary>
    public DeviceMemory At<T>(ArrayView<T> view)
        where T : unmanaged => _space is { } space
        ? new DeviceMemory(space, view.LoadEffectiveAddressAsPtr())
        : new DeviceMemory(((IArrayView)view).Buffer, ((IContiguousArrayView)view).IndexInBytes);

    /// <summary>Executes a plan on a stream. Both places are those of element 0 of the caller's tensors.</summary>
    /// <exception cref="TensorLayoutException">The plan was made for other alignments than these places have.</exception>
    public void Execute(Plan plan, in DeviceMemory source, in DeviceMemory destination, AcceleratorStream stream)
    {
        if (plan.Path == CopyPath.Nothing)
            return;
        DevicePlanSet plans = PlansOf(plan);
        DeviceMemory from = source.Offset(plan.SourceOffset + plans.SourceLow);
        DeviceMemory to = destination.Offset(plan.DestinationOffset);
        if (((from.Place & (plan.SourceWordSize - 1)) | (to.Place & (plan.WordSize - 1))) != 0)
            throw new TensorLayoutException($"a plan of {plan.SourceWordSize}-byte words does not fit the places 0x{from.Place:x} and 0x{to.Place:x}; plan with these addresses");
        if (DevicePlanner.IsDriverCopy(plan))
            DriverCopy(plan.Bytes, from, to, stream);
        else
            plans.For(from.Place, to.Place).Execute(stream, from, to);
    }

    /// <summary>The kernels that a plan uses at these places, for people and tests.</summary>
    public IReadOnlyList<KernelChoice> KernelsOf(Plan plan, in DeviceMemory source, in DeviceMemory destination)
    {
        if (plan.Path == CopyPath.Nothing || DevicePlanner.IsDriverCopy(plan))
            return [];
        DevicePlanSet plans = PlansOf(plan);
        return plans.For(source.Place + plan.SourceOffset + plans.SourceLow, destination.Place + plan.DestinationOffset).Choices;
    }

    /// <summary>Stores one word of up to 16 bytes, repeated to 16 in <paramref name="pattern"/>, to every word of a fill plan.</summary>
    public void Fill(Plan plan, in DeviceMemory destination, V16 pattern, AcceleratorStream stream)
    {
        if (plan.Path == CopyPath.Nothing)
            return;
        DeviceMemory to = destination.Offset(plan.DestinationOffset);
        PlansOf(plan).ForFill(to.Place).Fill(stream, to, pattern);
    }

    /// <summary>The plan with its kernels loaded, for places aligned to these powers of two.</summary>
    public DevicePlan Prepare(Plan plan, int sourceAlignment, int destinationAlignment) =>
        DevicePlan.Create(plan, sourceAlignment, destinationAlignment, _traits, _kernels);

    /// <summary>The fill plan with its kernels loaded.</summary>
    public DevicePlan PrepareFill(Plan plan, int destinationAlignment) => DevicePlan.CreateFill(plan, destinationAlignment, _kernels);

    /// <inheritdoc/>
    public void Dispose()
    {
        Pool.Dispose();
        _space?.Dispose();
    }

    private static void DriverCopy(long bytes, in DeviceMemory from, in DeviceMemory to, AcceleratorStream stream)
    {
        ArrayView<byte> source = from.View<byte>(0, bytes);
        ArrayView<byte> target = to.View<byte>(0, bytes);
        source.CopyTo(stream, target);
    }

    private DevicePlanSet PlansOf(Plan plan)
    {
        if (plan.DevicePlans is DevicePlanSet first && first.Engine == this)
            return first;
        return Attach(plan);
    }

    /// <summary>Finds or makes this engine's set. The list only grows at its end, so readers need no lock; the newest engine goes to the front.</summary>
    private DevicePlanSet Attach(Plan plan)
    {
        lock (s_attaching)
        {
            for (var set = plan.DevicePlans as DevicePlanSet; set is not null; set = set.Next)
            {
                if (set.Engine == this)
                    return set;
            }
            var made = new DevicePlanSet(this, plan) { Next = plan.DevicePlans as DevicePlanSet };
            plan.DevicePlans = made;
            return made;
        }
    }
}
