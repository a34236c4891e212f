using System.Runtime.ExceptionServices;
using ILGPU.Runtime.CPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Keeps exceptions of a kernel off the emulator's threads, where they would end the process.</summary>
/// <remarks>
/// The first exception of a launch is kept and every thread that has not begun returns at once. A thread that leaves
/// early still passes the group barriers at the end of each turn, so those cannot hang; it is taken off the
/// barrier of its warp here, because ILGPU does not do that.
/// </remarks>
internal sealed class GuardedCpuKernel
{
    private const int CheckpointMilliseconds = 50;

    private readonly CPUKernelExecutionHandler _body;
    private readonly Lock _launch = new();
    private static long _launches;

    // The launch whose warp barrier this thread has left: a number, so that no thread keeps a module alive.
    [ThreadStatic]
    private static long _left;

    private Exception? _fault;
    private CancellationToken _cancellation;
    private long _number;

    private GuardedCpuKernel(CPUKernelExecutionHandler body) => _body = body;

    /// <summary>Puts a guard between the emulator and a loaded kernel.</summary>
    public static GuardedCpuKernel Install(CPUKernel kernel)
    {
        var guard = new GuardedCpuKernel(CpuInternals.GetBody(kernel));
        CpuInternals.SetBody(kernel, guard.Execute);
        return guard;
    }

    /// <summary>Runs one launch and throws what the kernel threw.</summary>
    public void Launch(Action launch, LaunchOptions options)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.Cancellation);
        lock (_launch)
        {
            _fault = null;
            _cancellation = stop.Token;
            _number = Interlocked.Increment(ref _launches);
            if (options.Checkpoint is { } checkpoint)
                Watch(Task.Run(launch), checkpoint, stop);
            else
                launch();
            if (_fault is { } fault)
                ExceptionDispatchInfo.Throw(fault);
        }
    }

    // The emulator works on threads of its own; the caller's is free to look after signals.
    private static void Watch(Task running, Action checkpoint, CancellationTokenSource stop)
    {
        try
        {
            while (!running.Wait(CheckpointMilliseconds))
                checkpoint();
        }
        catch when (!running.IsCompleted)
        {
            stop.Cancel();
            running.GetAwaiter().GetResult();
            throw;
        }
    }

    private void Execute(CPUAcceleratorTask task, int index)
    {
        if (Volatile.Read(ref _fault) is not null)
        {
            LeaveWarp();
            return;
        }

        BoundsListener.Enter();
        try
        {
            _cancellation.ThrowIfCancellationRequested();
            _body(task, index);
        }
#pragma warning disable CA1031 // Thrown again on the thread that launched.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _fault, fault, null);
            LeaveWarp();
        }
        finally
        {
            BoundsListener.Exit();
        }
    }

    private void LeaveWarp()
    {
        if (_left == _number)
            return;
        _left = _number;
        CpuInternals.LeaveWarpBarrier();
    }
}
