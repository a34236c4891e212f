using System.Text;

namespace TensorBridge.Cli.Inspection;

/// <summary>The first values of a tensor: a few rows and columns of its last two axes at index 0 of the others.</summary>
internal static unsafe class CornerText
{
    private const int MostRows = 6;
    private const int MostColumns = 8;

    /// <summary>The lines of the corner, columns aligned.</summary>
    public static IEnumerable<string> Lines(TensorHandle tensor)
    {
        if (tensor.ElementCount == 0)
            return ["(no elements)"];
        int rank = tensor.Rank;
        long rows = rank < 2 ? 1 : tensor.Shape[^2];
        long columns = rank < 1 ? 1 : tensor.Shape[^1];
        List<string[]> cells = [];
        for (long row = 0; row < Math.Min(rows, MostRows); row++)
            cells.Add(Row(tensor, row, Math.Min(columns, MostColumns)));
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(line => line[column].Length))];
        IEnumerable<string> lines = cells.Select(line => Line(line, widths, columns > MostColumns));
        return rows > MostRows ? lines.Append("…") : lines;
    }

    private static string[] Row(TensorHandle tensor, long row, long columns)
    {
        var index = new long[tensor.Rank];
        var cells = new string[columns];
        for (long column = 0; column < columns; column++)
        {
            if (index.Length > 1)
                index[^2] = row;
            if (index.Length > 0)
                index[^1] = column;
            var item = new ReadOnlySpan<byte>((void*)((nint)tensor.Data + (nint)tensor.Layout.OffsetOf(index)), tensor.DType.ItemSize);
            cells[column] = ElementText.Format(tensor.DType, item);
        }

        return cells;
    }

    private static string Line(string[] cells, int[] widths, bool goesOn)
    {
        var line = new StringBuilder();
        for (int column = 0; column < cells.Length; column++)
            line.Append(column == 0 ? string.Empty : "  ").Append(cells[column].PadLeft(widths[column]));
        return line.Append(goesOn ? "  …" : string.Empty).ToString();
    }
}
