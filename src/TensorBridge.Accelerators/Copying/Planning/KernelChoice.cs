using System.Reflection;

namespace TensorBridge.Accelerators.Copying;

/// <summary>One launch, not yet tied to an accelerator: which kernel with which type arguments, its parameters and its grid.</summary>
/// <param name="Kernel">The kernel family.</param>
/// <param name="TypeArguments">Type arguments of its <c>Run</c> method, in order.</param>
/// <param name="SourceWord">The type through which the source is seen.</param>
/// <param name="DestinationWord">The type through which the destination is seen.</param>
/// <param name="Shape">The geometry: the kernel's third parameter.</param>
/// <param name="Axes">The outer axes: the kernel's fourth parameter.</param>
/// <param name="Blocks">Blocks of 256 threads.</param>
internal sealed record KernelChoice(Type Kernel, Type[] TypeArguments, Type SourceWord, Type DestinationWord, object Shape, object Axes, long Blocks)
{
    /// <summary>Bytes of the words in which the source's start is counted, where the view must begin on 16 bytes and rows on any word; else 0.</summary>
    public int SourceGrain { get; init; }

    /// <summary>The same of the destination.</summary>
    public int DestinationGrain { get; init; }

    /// <summary>The kernel method itself.</summary>
    public MethodInfo Method => Kernel.GetMethod("Run")!.MakeGenericMethod(TypeArguments);

    /// <summary>For example <c>Rows(V16, V16, Keep&lt;V16&gt;, Rising, Axes1)</c>.</summary>
    public override string ToString() => $"{Kernel.Name}({string.Join(", ", TypeArguments.Select(KernelNames.Of))})";
}
