using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Finds where a kernel takes the element of its own index: <c>view[index]</c>, the index as it was passed.</summary>
/// <remarks>
/// Over an index space that follows from the tensors such an element exists, and lies one stride behind that of the index
/// before. So neither a check nor a product is needed for it, and the loop keeps an address that takes steps.
/// </remarks>
internal static class DirectAccess
{
    /// <summary>The instructions of one such access: the view's address, the index, the indexer.</summary>
    public const int Length = 3;

    private static readonly Type[] Views = [typeof(ArrayView<>), typeof(ArrayView1D<,>), typeof(ArrayView2D<,>), typeof(ArrayView3D<,>)];

    /// <summary>The position of the first instruction of each access, with the number of the method's argument that is the view.</summary>
    public static Dictionary<int, int> Find(KernelMethod kernel, IReadOnlyList<IlInstruction> code)
    {
        var found = new Dictionary<int, int>();
        if (!KeepsIndex(code))
            return found;
        HashSet<int> targets = [.. code.SelectMany(Inlining.BranchTargets)];
        for (int i = 0; i + Length <= code.Count; i++)
        {
            if (ViewOf(kernel, code, i) is { } view && !targets.Contains(code[i + 1].Offset) && !targets.Contains(code[i + 2].Offset))
                found.Add(i, view);
        }

        return found;
    }

    private static int? ViewOf(KernelMethod kernel, IReadOnlyList<IlInstruction> code, int at)
    {
        if (VariableAccess.Of(code[at]) is not { IsArgument: true, Index: > 0 } view || view.Code != OpCodes.Ldloca)
            return null;
        if (VariableAccess.Of(code[at + 1]) is not { IsArgument: true, Index: 0 } index || index.Code != OpCodes.Ldloc)
            return null;
        Type type = kernel.ParameterTypes[view.Index - 1];
        return type.IsGenericType && Views.Contains(type.GetGenericTypeDefinition())
            && code[at + 2].Operand is MethodInfo { Name: "get_Item", ReturnType.IsByRef: true } method && method.DeclaringType == type
            && method.GetParameters() is [{ ParameterType: var parameter }] && parameter == kernel.IndexType
            ? view.Index
            : null;
    }

    // The index changes if it is stored to, or if its address goes anywhere but into one of its own properties.
    private static bool KeepsIndex(IReadOnlyList<IlInstruction> code)
    {
        for (int i = 0; i < code.Count; i++)
        {
            if (VariableAccess.Of(code[i]) is not { IsArgument: true, Index: 0 } access || access.Code == OpCodes.Ldloc)
                continue;
            bool isRead = access.Code == OpCodes.Ldloca && i + 1 < code.Count
                && (code[i + 1].Code == OpCodes.Ldfld || code[i + 1].Operand is MethodInfo { IsStatic: false } method && method.Name.StartsWith("get_", StringComparison.Ordinal));
            if (!isRead)
                return false;
        }

        return true;
    }
}
