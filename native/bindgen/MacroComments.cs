namespace TensorBridge.Bindgen;

/// <summary>
/// Comments above the macros of a header. Clang attaches comments to declarations only, so they are
/// read from the text.
/// </summary>
internal sealed class MacroComments(string headerPath)
{
    private readonly string[] lines = File.ReadAllLines(headerPath);

    /// <summary>The comment lines that end right above the definition of a macro.</summary>
    public IEnumerable<string> Of(string macro)
    {
        int definition = Array.FindIndex(lines, line => line.StartsWith($"#define {macro} ", StringComparison.Ordinal));
        int first = definition;
        while (first > 0 && lines[first - 1].StartsWith("///", StringComparison.Ordinal))
            first--;
        return CommentText.Lines(lines[first..definition]);
    }
}
