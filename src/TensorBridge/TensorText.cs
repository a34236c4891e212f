using System.Globalization;
using System.Text;

namespace TensorBridge;

/// <summary>The text forms that messages and <c>ToString</c> share.</summary>
internal static partial class TensorText
{
    /// <summary>Numbers as Python writes a tuple: <c>()</c>, <c>(3,)</c>, <c>(3, 4)</c>.</summary>
    public static string Tuple(ReadOnlySpan<long> values)
    {
        var text = new StringBuilder("(");
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            text.Append(values[i].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(values.Length == 1 ? ",)" : ")").ToString();
    }
}
