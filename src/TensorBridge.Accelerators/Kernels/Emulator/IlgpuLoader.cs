using System.Reflection;
using System.Runtime.ExceptionServices;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>ILGPU's kernel loading for launcher types known at run time only, with its failures as one type.</summary>
internal static class IlgpuLoader
{
    private static readonly MethodInfo LoadGrouped = Generic(typeof(Accelerator), nameof(Accelerator.LoadKernel), typeof(MethodInfo));
    private static readonly MethodInfo LoadAutoGrouped = Generic(typeof(Accelerator), nameof(Accelerator.LoadAutoGroupedKernel), typeof(MethodInfo));
    private static readonly MethodInfo CreateLauncher = Generic(typeof(Kernel), nameof(Kernel.CreateLauncherDelegate));

    /// <summary>Compiles a kernel and returns its typed launcher.</summary>
    public static Delegate Load(Accelerator accelerator, KernelMethod kernel, Type launcher) =>
        Compile(accelerator, kernel, () => (Delegate)Call(kernel.IndexType is null ? LoadGrouped : LoadAutoGrouped, launcher, accelerator, kernel.Method));

    /// <summary>Compiles a method that stands for a kernel, without specialisation.</summary>
    public static Kernel LoadKernel(Accelerator accelerator, KernelMethod kernel, MethodInfo method) =>
        Compile(accelerator, kernel, () => kernel.IndexType is null ? accelerator.LoadKernel(method) : accelerator.LoadAutoGroupedKernel(method));

    /// <summary>The typed launcher of a compiled kernel.</summary>
    public static Delegate LauncherOf(Kernel kernel, Type launcher) => (Delegate)Call(CreateLauncher, launcher, kernel);

    private static T Compile<T>(Accelerator accelerator, KernelMethod kernel, Func<T> load)
    {
        BoundsListener.Enter();
        try
        {
            return load();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            string cause = failure.GetBaseException().Message;
            throw new TensorUnsupportedException($"ILGPU cannot compile {kernel.Name} for {accelerator.Name}: {cause}", failure);
        }
        finally
        {
            BoundsListener.Exit();
        }
    }

    private static object Call(MethodInfo method, Type launcher, object target, params object[] arguments)
    {
        try
        {
            return method.MakeGenericMethod(launcher).Invoke(target, arguments)!;
        }
        catch (TargetInvocationException failure) when (failure.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    private static MethodInfo Generic(Type type, string name, params Type[] parameters) => type
        .GetMethods()
        .Single(m => m.Name == name && m.IsGenericMethodDefinition && m.GetGenericArguments().Length == 1
            && m.GetParameters().Select(p => p.ParameterType).SequenceEqual(parameters));
}
