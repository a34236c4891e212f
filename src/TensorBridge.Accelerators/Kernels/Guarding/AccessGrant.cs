using System.Reflection;
using System.Reflection.Emit;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Lets an emitted assembly use what others keep to themselves, as the methods that it copies do.</summary>
internal static class AccessGrant
{
    private const string Name = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";

    /// <summary>Marks the assembly; the runtime knows the attribute by its name, no library declares it.</summary>
    public static void Give(AssemblyBuilder assembly, ModuleBuilder module, IEnumerable<Assembly> others)
    {
        TypeBuilder type = module.DefineType(Name, TypeAttributes.Public | TypeAttributes.Sealed, typeof(Attribute));
        ConstructorBuilder constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]);
        ILGenerator il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        il.Emit(OpCodes.Ret);
        ConstructorInfo made = type.CreateType().GetConstructor([typeof(string)])!;
        foreach (string name in others.Select(other => other.GetName().Name!).Distinct())
            assembly.SetCustomAttribute(new CustomAttributeBuilder(made, [name]));
    }
}
