using System.Globalization;

namespace TensorBridge.Peers;

/// <summary>One line of the case list.</summary>
internal sealed record Case(string Name, string Size, int Item, long[] Shape, long[] SourceStrides, long SourceOffset, long SourceItems, long[] DestinationStrides, long DestinationItems, bool Swap, double Target)
{
    public long Items => Shape.Aggregate(1L, (product, extent) => product * extent);

    public long Bytes => Items * Item;

    public static Case Parse(string line)
    {
        string[] fields = line.Split(';');
        long[] Numbers(int i) => [.. fields[i].Split(',').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return new Case(fields[0], fields[1], (int)Numbers(2)[0], Numbers(3), Numbers(4), Numbers(5)[0], Numbers(6)[0], Numbers(7), Numbers(8)[0], fields[9] == "1", double.Parse(fields[10], CultureInfo.InvariantCulture));
    }
}
