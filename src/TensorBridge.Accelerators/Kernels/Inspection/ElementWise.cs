using System.Reflection;
using System.Reflection.Emit;
using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Decides whether a kernel is element-wise: whether running its method once per index is the same as running it on a GPU.</summary>
/// <remarks>
/// The IL of the method and of all it calls is read. Anything that knows of other threads (groups, grids, warps, shared
/// memory) or of the emulator's state (local memory), and anything that cannot be followed, means no: the
/// emulator then runs the kernel, slowly and right.
/// </remarks>
internal sealed class ElementWise
{
    // What ILGPU offers that is plain code on the host. What is not listed is taken for special.
    private static readonly HashSet<string> Plain =
    [
        "ArrayView`1", "ArrayView1D`2", "ArrayView2D`2", "ArrayView3D`2", "ArrayViewExtensions", "SpecializedValue", "SpecializedValue`1",
        "Index1D", "Index2D", "Index3D", "LongIndex1D", "LongIndex2D", "LongIndex3D", "IndexTypeExtensions", "IndexExtensions",
        "Stride1D", "Stride2D", "Stride3D", "Dense", "DenseX", "DenseY", "DenseXY", "DenseZY", "General", "Infinite", "StrideExtensions",
        "IntrinsicMath", "CPUOnly", "Half", "HalfExtensions", "Interop", "Atomic", "XMath",
    ];

    private readonly HashSet<MethodBase> _seen = [];
    private string? _refusal;

    /// <summary>Null when the kernel is element-wise, else the reason why not.</summary>
    public static string? Refusal(KernelMethod kernel)
    {
        if (kernel.IndexType is null)
            return "it is explicitly grouped";
        var scan = new ElementWise();
        scan.Visit(kernel.Method);
        return scan._refusal;
    }

    private void Visit(MethodBase method)
    {
        if (_refusal is not null || !_seen.Add(method))
            return;
        IReadOnlyList<IlInstruction>? body = null;
        try
        {
            body = IlReader.Read(method);
        }
        catch (Exception failure) when (failure is ArgumentException or TypeLoadException or MissingMemberException or FileNotFoundException or KeyNotFoundException)
        {
            _refusal = $"{Name(method)} cannot be read: {failure.Message}";
            return;
        }

        if (body is null)
        {
            _refusal = $"it calls {Name(method)}, which has no body in IL";
            return;
        }

        Type? constraint = null;
        foreach (IlInstruction instruction in body)
        {
            Check(instruction, constraint);
            constraint = instruction.Code == OpCodes.Constrained ? (Type)instruction.Operand! : null;
        }
    }

    private void Check(IlInstruction instruction, Type? constraint)
    {
        OpCode code = instruction.Code;
        if (code == OpCodes.Stsfld || code == OpCodes.Ldsflda)
            _refusal ??= $"it writes the static field {((FieldInfo)instruction.Operand!).Name}";
        else if (code == OpCodes.Calli || code == OpCodes.Ldftn || code == OpCodes.Ldvirtftn || code == OpCodes.Localloc)
            _refusal ??= $"it uses {code.Name}, which cannot be followed";
        else if (instruction.Operand is MethodBase called)
            Follow(called, constraint);
        else if (code == OpCodes.Ldsfld)
            CheckType(((FieldInfo)instruction.Operand!).DeclaringType!, ((FieldInfo)instruction.Operand!).Name);
    }

    private void Follow(MethodBase called, Type? constraint)
    {
        if (called.IsAbstract)
        {
            if (constraint is null || Implementation(called, constraint) is not { } implementation)
            {
                _refusal ??= $"it calls {Name(called)}, whose implementation is not known";
                return;
            }

            called = implementation;
        }

        Type type = called.DeclaringType!;
        if (IsIlgpu(type))
            CheckType(type, called.Name);
        else if (!IsTrusted(type))
            Visit(called);
    }

    private void CheckType(Type type, string member)
    {
        if (IsIlgpu(type) && !Plain.Contains(type.Name))
            _refusal ??= $"it uses {type.Name}.{member.Replace("get_", string.Empty, StringComparison.Ordinal)}";
    }

    private static MethodInfo? Implementation(MethodBase declared, Type type)
    {
        if (declared.DeclaringType is not { IsInterface: true } face || !type.IsValueType || type.ContainsGenericParameters)
            return null;
        InterfaceMapping map = type.GetInterfaceMap(face);
        int slot = Array.FindIndex(map.InterfaceMethods, method => method.MetadataToken == declared.MetadataToken && method.Module == declared.Module);
        MethodInfo? target = slot < 0 ? null : map.TargetMethods[slot];
        return target is { IsGenericMethodDefinition: true } ? target.MakeGenericMethod(declared.GetGenericArguments()) : target;
    }

    /// <summary>True for ILGPU's own code.</summary>
    internal static bool IsIlgpu(Type type) => type.Assembly == typeof(Context).Assembly || type.Assembly.GetName().Name == "ILGPU.Algorithms";

    /// <summary>True for code that need not be looked into: the base library is plain, and our own views are.</summary>
    internal static bool IsTrusted(Type type) => type.Assembly == typeof(ElementWise).Assembly
        || type.Assembly.GetName().Name is "System.Private.CoreLib" or "System.Runtime" or "System.Runtime.Extensions" or "System.Runtime.Numerics" or "System.Numerics.Tensors";

    private static string Name(MethodBase method) => $"{method.DeclaringType?.Name}.{method.Name}";
}
