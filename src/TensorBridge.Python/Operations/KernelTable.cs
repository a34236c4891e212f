using System.Collections.Concurrent;
using TensorBridge.Accelerators.Kernels;

namespace TensorBridge.Python.Operations;

/// <summary>Modules and kernels that Python holds, by number.</summary>
internal static class KernelTable
{
    private static readonly ConcurrentDictionary<long, KernelModule> Modules = new();
    private static readonly ConcurrentDictionary<long, HeldKernel> Kernels = new();
    private static readonly ConcurrentDictionary<ModuleKernel, long> Numbers = new();
    private static long _last;

    static KernelTable() => DeviceHooks.OnShutdown(CloseAll);

    /// <summary>Keeps a module and returns its number.</summary>
    public static long Add(KernelModule module)
    {
        long number = Interlocked.Increment(ref _last);
        Modules[number] = module;
        return number;
    }

    /// <summary>Keeps a kernel until its module is closed, and returns its number: always the same one.</summary>
    public static long Add(long module, ModuleKernel kernel) => Numbers.GetOrAdd(kernel, static (added, owner) =>
    {
        long number = Interlocked.Increment(ref _last);
        Kernels[number] = new HeldKernel(owner, added);
        return number;
    }, module);

    /// <exception cref="ObjectDisposedException">The module is closed.</exception>
    public static KernelModule Module(long number) =>
        Modules.TryGetValue(number, out KernelModule? module) ? module : throw Closed();

    /// <exception cref="ObjectDisposedException">The kernel's module is closed.</exception>
    public static HeldKernel Kernel(long number) =>
        Kernels.TryGetValue(number, out HeldKernel? kernel) ? kernel : throw Closed();

    /// <summary>Unloads a module and forgets its kernels. Does nothing the second time.</summary>
    public static void Close(long number)
    {
        if (!Modules.TryRemove(number, out KernelModule? module))
            return;
        foreach ((long kernel, HeldKernel held) in Kernels)
        {
            if (held.Module == number && Kernels.TryRemove(kernel, out _))
                Numbers.TryRemove(held.Kernel, out _);
        }

        module.Dispose();
    }

    private static void CloseAll()
    {
        foreach (long number in Modules.Keys)
            Close(number);
    }

    private static ObjectDisposedException Closed() => new(null, "the kernel module has been closed");
}
