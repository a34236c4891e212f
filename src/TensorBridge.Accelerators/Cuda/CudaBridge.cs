using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

/// <summary>Shows CUDA memory of any library to ILGPU and ILGPU's memory to any library, without a copy.</summary>
/// <remarks>
/// The accelerator runs in the device's primary context, the one that CuPy, PyTorch, JAX and Numba use. Every
/// member brings the caller's current context back. Kernels of ILGPU are launched inside <see cref="Activate"/>.
/// </remarks>
public sealed partial class CudaBridge : AcceleratorBridge
{
    private readonly CudaBridgeOptions _options;
    private readonly EventPool _events = new();
    private readonly CudaReleases _releases;
    private readonly StagingRing _ring;
    private readonly nint _context;
    private readonly bool _isSwapped;
    private DeviceCopyEngine? _engine;
    private int _isTornDown;

    private CudaBridge(Context context, CudaAccelerator accelerator, nint primary, bool isSwapped, CudaBridgeOptions options)
        : base(context, accelerator, Device.Cuda(accelerator.DeviceId))
    {
        _options = options;
        _context = primary;
        _isSwapped = isSwapped;
        _releases = new CudaReleases(primary, accelerator.DeviceId, _events);
        _releases.Emptied += TearDown;
        _ring = new StagingRing(options.StagingChunkBytes, options.StagingChunks, _events);
    }

    /// <summary>The ILGPU accelerator.</summary>
    public CudaAccelerator CudaAccelerator => (CudaAccelerator)Accelerator;

    /// <summary>The driver's handle of the device's primary context, in which everything happens.</summary>
    public nint ContextHandle => _context;

    /// <summary>
    /// True when the redirect library keeps ILGPU in the primary context; false when it was moved there after its
    /// creation, as on WSL, where ILGPU's imports cannot be redirected.
    /// </summary>
    public bool IsRedirected => !_isSwapped;

    /// <summary>Memory of this accelerator that somebody still holds: allocations and exports. The accelerator outlives them.</summary>
    public IReadOnlyList<string> LiveExports => _releases.OwnedAlive;

    /// <summary>How often giving memory back failed; the driver keeps such memory until the context ends.</summary>
    public int FailedReleaseCount => _releases.FailureCount;

    /// <summary>The number of CUDA devices; 0 when there is no driver.</summary>
    public static int DeviceCount
    {
        get
        {
            if (!DriverLibrary.Find().IsPresent || DriverContexts.Initialize(0) != CudaResult.Success)
                return 0;
            return DriverContexts.GetDeviceCount(out int count) == CudaResult.Success ? count : 0;
        }
    }

    /// <summary>Makes an accelerator in the primary context of a device.</summary>
    /// <param name="deviceId">The driver's number of the device.</param>
    /// <param name="options">Choices; null for the defaults.</param>
    /// <exception cref="TensorDeviceException">There is no driver or no such device, or the driver refuses; nothing is left behind.</exception>
    public static CudaBridge Create(int deviceId = 0, CudaBridgeOptions? options = null)
    {
        DriverLibrary library = DriverLibrary.Load();
        CheckDevice(deviceId);
        using CallerContext caller = CallerContext.Save();
        return CudaBridgeFactory.Create(library, deviceId, options ?? new CudaBridgeOptions(), static (context, accelerator, primary, swapped, choices) => new CudaBridge(context, accelerator, primary, swapped, choices));
    }

    /// <summary>Makes the bridge's context current on this thread until the scope is disposed. Launch ILGPU's kernels inside.</summary>
    /// <exception cref="ObjectDisposedException">The bridge is disposed.</exception>
    /// <exception cref="TensorDeviceException">The driver refuses.</exception>
    public CudaScope Activate()
    {
        CheckDisposed();
        return new CudaScope(_context);
    }

    /// <summary>Waits until all work on the device is done.</summary>
    /// <exception cref="TensorDeviceException">Some work has failed.</exception>
    public void Synchronize()
    {
        using CudaScope scope = Activate();
        DriverContexts.Synchronize().ThrowIfFailed("cuCtxSynchronize");
    }

    private static void CheckDevice(int deviceId)
    {
        DriverContexts.GetDeviceCount(out int count).ThrowIfFailed("cuDeviceGetCount");
        if (deviceId < 0 || deviceId >= count)
            throw new TensorDeviceException($"there is no device cuda:{deviceId}; the driver lists {count} (0 to {count - 1})");
    }

    private protected override void DisposeCore()
    {
        DisposePeers();
        if (_releases.Close())
            TearDown();
    }

    // Runs when the bridge is disposed, or when the last export of a disposed bridge is gone.
    private void TearDown()
    {
        if (Interlocked.Exchange(ref _isTornDown, 1) != 0)
            return;
        using CallerContext caller = CallerContext.SaveIfPossible();
        try
        {
            FreeOwnObjects();
        }
        finally
        {
            CudaBridgeFactory.Destroy(Context, CudaAccelerator, _isSwapped);
        }
    }

    // Failures here are those of earlier work: the objects are gone all the same.
    private void FreeOwnObjects()
    {
        using var scope = new CudaScope(_context, insist: true);
        DriverContexts.Synchronize();
        _releases.Finish();
        _ring.Free();
        _engine?.Dispose();
        _events.Clear();
    }
}
