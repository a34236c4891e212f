using System.Globalization;

namespace TensorBridge.Copying.Host;

/// <summary>Size of the last-level cache, which decides when a copy is streamed.</summary>
internal static class CacheSize
{
    private const long Fallback = 32L << 20;

    /// <summary>Bytes of the largest cache of the first processor.</summary>
    public static long LastLevel { get; } = Read();

    private static long Read()
    {
        long largest = 0;
        for (int index = 0; index < 8; index++)
        {
            string file = string.Create(CultureInfo.InvariantCulture, $"/sys/devices/system/cpu/cpu0/cache/index{index}/size");
            try
            {
                if (File.Exists(file))
                    largest = long.Max(largest, Parse(File.ReadAllText(file).Trim()));
            }
            catch (IOException)
            {
                // Some containers list the file and refuse to read it.
            }
            catch (UnauthorizedAccessException)
            {
            }
        }
        return largest > 0 ? largest : Fallback;
    }

    private static long Parse(string text)
    {
        int shift = text.EndsWith('K') ? 10 : text.EndsWith('M') ? 20 : text.EndsWith('G') ? 30 : 0;
        return long.TryParse(text.AsSpan(0, shift == 0 ? text.Length : text.Length - 1), CultureInfo.InvariantCulture, out long size) ? size << shift : 0;
    }
}
