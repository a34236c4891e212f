using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorBridge.DLPack;

namespace TensorBridge.Tests.DLPack;

/// <summary>
/// Header and generated bindings cannot drift: what a C compiler says about the one is compared with
/// what reflection says about the other.
/// </summary>
public unsafe class GeneratedBindingsTests
{
    [Fact]
    public void Every_fact_of_the_header_is_in_the_bindings_and_the_other_way_round()
    {
        if (CCompiler.Find() is not { } compiler)
        {
            Assert.Skip(CCompiler.Missing);
            return;
        }

        string[] header = Sorted(LayoutOf(compiler));
        string[] bindings = Sorted(BindingFacts.All());
        Assert.NotEmpty(header);
        Assert.Equal(header, bindings);
    }

    [Fact]
    public void Structs_are_blittable_and_as_large_as_they_say()
    {
        Assert.Equal(48, sizeof(DLTensor));
        Assert.Equal(64, sizeof(DLManagedTensor));
        Assert.Equal(80, sizeof(DLManagedTensorVersioned));
        Assert.Equal(56, sizeof(DLPackExchangeAPI));
        foreach (Type type in BindingFacts.Structs)
            Assert.False(IsReference(type), $"{type.Name} holds references");
    }

    [Theory]
    [InlineData(typeof(DLManagedTensor))]
    [InlineData(typeof(DLManagedTensorVersioned))]
    public void Deleters_take_a_pointer_to_their_own_struct(Type type)
    {
        Type deleter = type.GetField("deleter")!.FieldType;
        Assert.True(deleter.IsUnmanagedFunctionPointer);
        Assert.Equal(typeof(void), deleter.GetFunctionPointerReturnType());
        Assert.Equal([type.MakePointerType()], deleter.GetFunctionPointerParameterTypes());
    }

    [Fact]
    public void Callbacks_use_the_C_calling_convention()
    {
        var callbacks = BindingFacts.Structs.SelectMany(s => s.GetFields()).Where(f => f.FieldType.IsFunctionPointer).ToList();
        Assert.Equal(7, callbacks.Count);
        foreach (var field in callbacks)
            Assert.Contains(typeof(CallConvCdecl), field.GetModifiedFieldType().GetFunctionPointerCallingConventions());
    }

    private static bool IsReference(Type type) =>
        (bool)typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static string[] Sorted(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];

    private static string[] LayoutOf(string compiler)
    {
        Assert.True(RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64, "the ABI is that of 64-bit machines");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tensorbridge-layout-");
        try
        {
            string program = Path.Combine(folder.FullName, "dlpack_layout");
            CCompiler.Compile(compiler, "dlpack_layout.c", program);
            return CCompiler.Run(program).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
