using CppSharp;
using CppSharp.AST;
using CppSharp.Generators;
using CppSharp.Parser;

namespace TensorBridge.Bindgen;

/// <summary>
/// Has CppSharp parse <c>tensorbridge/dlpack.h</c> and replaces what its C# generator would print
/// by <see cref="BlittableSources"/>.
/// </summary>
/// <remarks>
/// The stock wrappers are classes: they allocate on every read of a nested struct, and a deleter set
/// through them is a delegate that nothing keeps alive. The ABI needs structs that are the C memory.
/// </remarks>
internal sealed class DLPackLibrary(string includeFolder, string outputFolder) : ILibrary
{
    private const string Folder = "tensorbridge";
    private const string Header = "dlpack.h";

    public void Setup(Driver driver)
    {
        // As C++, where the enums have the fixed base that the ABI demands.
        driver.ParserOptions.LanguageVersion = LanguageVersion.CPP17;

        DriverOptions options = driver.Options;
        options.GeneratorKind = GeneratorKind.CSharp;
        options.OutputDir = outputFolder;
        options.GenerateName = _ => "DLPack.Generated";

        Module module = options.AddModule("dlpack");
        module.IncludeDirs.Add(Path.Combine(includeFolder, Folder));
        module.Headers.Add(Header);
    }

    public void SetupPasses(Driver driver)
    {
    }

    /// <summary>Drops the passes, all of which are there now: they prepare the stock wrappers.</summary>
    /// <remarks>
    /// One of them gives callbacks that differ only in what they point to a common delegate: the
    /// versioned deleter would come out with the parameter of the other one.
    /// </remarks>
    public void Preprocess(Driver driver, ASTContext ctx) => driver.Context.TranslationUnitPasses.Passes.Clear();

    public void Postprocess(Driver driver, ASTContext ctx)
    {
    }

    public void GenerateCode(Driver driver, List<GeneratorOutput> outputs)
    {
        foreach (GeneratorOutput output in outputs)
        {
            TranslationUnit? unit = output.Outputs.SelectMany(o => o.TranslationUnits).FirstOrDefault(u => u.FileName == Header);
            output.Outputs.Clear();
            if (unit is null)
                continue;
            var sources = new BlittableSources(driver.Context, unit, $"native/include/{Folder}/{Header}");
            sources.Process();
            output.Outputs.Add(sources);
        }

        outputs.RemoveAll(o => o.Outputs.Count == 0);
        if (outputs.Count == 0)
            throw new InvalidOperationException($"{Header} was not among the parsed headers");
    }
}
