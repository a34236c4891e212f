using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Builds ILGPU's context and accelerator inside a primary context, and takes them down again.</summary>
internal static class CudaBridgeFactory
{
    /// <summary>Builds a bridge; whatever fails on the way leaves nothing behind.</summary>
    public static CudaBridge Create(
        DriverLibrary library,
        int deviceId,
        CudaBridgeOptions options,
        Func<Context, CudaAccelerator, nint, bool, CudaBridgeOptions, CudaBridge> construct)
    {
        Context context = CreateContext(options);
        try
        {
            CudaAccelerator accelerator = CreateAccelerator(context, deviceId, library.IsRedirected);
            nint primary = accelerator.NativePtr;
            try
            {
                if (!library.IsRedirected)
                    primary = MoveToPrimary(accelerator, deviceId);
                return construct(context, accelerator, primary, !library.IsRedirected, options);
            }
            catch
            {
                accelerator.Dispose();
                throw;
            }
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Disposes the accelerator and its context, and releases the primary context even when ILGPU fails half-way.</summary>
    public static void Destroy(Context context, CudaAccelerator accelerator, bool isSwapped)
    {
        nint handle = accelerator.NativePtr;
        int device = accelerator.DeviceId;
        try
        {
            if (isSwapped)
                MoveToThrowaway(accelerator);
            accelerator.Dispose();
            context.Dispose();
        }
        catch (Exception error) when (error is CudaException or AggregateException)
        {
            if (accelerator.NativePtr != 0 && !isSwapped)
                DriverContexts.Destroy(handle);
            IlgpuAccess.Neutralize(accelerator);
            throw new TensorDeviceException($"ILGPU failed while closing the accelerator of cuda:{device}: {error.Message}; its context has been released", error);
        }
        finally
        {
            if (isSwapped)
                DriverContexts.ReleasePrimary(device);
        }
    }

    private static Context CreateContext(CudaBridgeOptions options)
    {
        try
        {
            return Context.Create(builder =>
            {
                builder.Cuda().Optimize(OptimizationLevel.O2).EnableAlgorithms();
                options.Configure?.Invoke(builder);
            });
        }
        catch (CudaException error)
        {
            throw Wrap("listing the CUDA devices", error);
        }
    }

    // ILGPU leaves the context behind when it fails after making it: what was counted in is counted out.
    private static CudaAccelerator CreateAccelerator(Context context, int deviceId, bool isRedirected)
    {
        if (context.GetCudaDevices().Count <= deviceId)
            throw new TensorDeviceException($"ILGPU does not list device cuda:{deviceId}, although the driver does; its architecture may be too old");
        DriverContexts.SetCurrent(0);
        IlgpuAccess.ForgetBinding();
        try
        {
            return context.CreateCudaAccelerator(deviceId);
        }
        catch (Exception error) when (error is CudaException or NotSupportedException)
        {
            Accelerator? halfMade = Accelerator.Current;
            if (DriverContexts.GetCurrent(out nint orphan) == CudaResult.Success && orphan != 0)
            {
                DriverContexts.SetCurrent(0);
                DriverContexts.Destroy(orphan);
            }

            if (halfMade is not null)
                IlgpuAccess.Neutralize(halfMade);

            throw Wrap($"making an accelerator for cuda:{deviceId}", error);
        }
    }

    private static nint MoveToPrimary(CudaAccelerator accelerator, int deviceId)
    {
        DriverContexts.RetainPrimary(out nint primary, deviceId).ThrowIfFailed("cuDevicePrimaryCtxRetain");
        nint own = accelerator.NativePtr;
        IlgpuAccess.ReplaceContext(accelerator, primary);
        DriverContexts.Destroy(own);
        return primary;
    }

    // ILGPU destroys the context that its accelerator names. That must not be the primary one.
    private static void MoveToThrowaway(CudaAccelerator accelerator)
    {
        DriverContexts.SetCurrent(accelerator.NativePtr);
        IlgpuAccess.ForgetBinding();
        accelerator.ClearCache(ClearCacheMode.Everything);
        DriverContexts.Create(out nint throwaway, 0, accelerator.DeviceId).ThrowIfFailed("cuCtxCreate");
        IlgpuAccess.ReplaceContext(accelerator, throwaway);
    }

    private static TensorDeviceException Wrap(string what, Exception error) =>
        new($"{what} failed: {error.Message}", error);
}
