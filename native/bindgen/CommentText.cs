using System.Security;
using CppSharp.AST;

namespace TensorBridge.Bindgen;

/// <summary>The plain text of a comment that starts with three slashes.</summary>
internal static class CommentText
{
    private const string Mark = "///";

    /// <summary>The text line by line; none for a declaration without a comment.</summary>
    public static IEnumerable<string> Lines(RawComment? comment) => Lines((comment?.Text ?? "").Split('\n'));

    /// <summary>The text of those lines that are comment lines.</summary>
    public static IEnumerable<string> Lines(IEnumerable<string> source) =>
        source.Select(line => line.Trim()).Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..].Trim());

    /// <summary>Makes text safe inside an XML element.</summary>
    public static string Escape(string text) => SecurityElement.Escape(text).Replace("&apos;", "'").Replace("&quot;", "\"");
}
