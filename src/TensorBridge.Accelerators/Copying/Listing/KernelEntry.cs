using System.Reflection;

namespace TensorBridge.Accelerators.Copying;

/// <summary>A kernel of the family with type arguments, under a short name.</summary>
/// <param name="Name">For people, files and tables.</param>
/// <param name="StoredBytes">Bytes that a thread stores where no edge is near.</param>
/// <param name="Kernel">The kernel family.</param>
/// <param name="TypeArguments">Type arguments of its <c>Run</c> method.</param>
internal sealed record KernelEntry(string Name, int StoredBytes, Type Kernel, params Type[] TypeArguments)
{
    public MethodInfo Method => Kernel.GetMethod("Run")!.MakeGenericMethod(TypeArguments);
}
