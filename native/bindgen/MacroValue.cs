using System.Globalization;
using System.Text.RegularExpressions;

namespace TensorBridge.Bindgen;

/// <summary>A macro that is an unsigned integer, or one shifted left, as a C# constant.</summary>
/// <param name="Type"><c>uint</c>, or <c>ulong</c> where a suffix asks for 64 bits.</param>
/// <param name="Literal">The value as C# literal.</param>
internal sealed partial record MacroValue(string Type, string Literal)
{
    /// <summary>The constant, or null for an empty macro such as an include guard.</summary>
    /// <exception cref="NotSupportedException">The macro is something else: it must not get lost.</exception>
    public static MacroValue? Parse(string? expression)
    {
        if (string.IsNullOrWhiteSpace(expression))
            return null;
        Match match = Pattern().Match(expression);
        if (!match.Success)
            throw new NotSupportedException($"macro value '{expression}' is neither an integer nor an integer shifted left");
        ulong value = Number(match.Groups["value"]) << (int)Number(match.Groups["shift"]);
        return match.Groups["long"].Success
            ? new MacroValue("ulong", $"{value}UL")
            : new MacroValue("uint", ((uint)value).ToString(CultureInfo.InvariantCulture));
    }

    private static ulong Number(Group digits) =>
        digits.Success ? ulong.Parse(digits.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^\(?\s*(?<value>\d+)(?<long>ULL)?\s*(<<\s*(?<shift>\d+)\s*)?\)?$")]
    private static partial Regex Pattern();
}
