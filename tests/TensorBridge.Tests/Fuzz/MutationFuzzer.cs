using System.Globalization;
using System.Text;

namespace TensorBridge.Tests;

/// <summary>Changes valid inputs in small ways, reproducibly, and sorts the outcomes.</summary>
internal sealed class MutationFuzzer(string[] corpus, string[] tokens, int seed)
{
    private readonly byte[][] _corpus = [.. corpus.Select(Encoding.UTF8.GetBytes)];
    private readonly byte[][] _tokens = [.. tokens.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Feeds <paramref name="count"/> inputs to a parser on all cores; any untyped error fails the test with its input.</summary>
    public Outcome Run(int count, Action<byte[]> parse)
    {
        int workers = Environment.ProcessorCount;
        var outcomes = new Outcome[workers];
        Parallel.For(0, workers, worker => outcomes[worker] = RunPart(seed + worker, count / workers, parse));
        return outcomes.Aggregate((a, b) => new Outcome(a.Accepted + b.Accepted, a.WrongType + b.WrongType, a.Format + b.Format, a.Unsupported + b.Unsupported, a.Overflow + b.Overflow));
    }

    private Outcome RunPart(int partSeed, int count, Action<byte[]> parse)
    {
        var random = new Random(partSeed);
        int accepted = 0, wrongType = 0, format = 0, unsupported = 0, overflow = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] input = Mutate(random);
            try
            {
                parse(input);
                accepted++;
            }
            catch (TensorFormatException error)
            {
                _ = error.IsWrongType ? wrongType++ : format++;
            }
            catch (TensorUnsupportedException)
            {
                unsupported++;
            }
            catch (OverflowException)
            {
                overflow++;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"seed {partSeed}, input {i} ({Convert.ToHexString(input)}) '{Encoding.UTF8.GetString(input)}' ended in {error.GetType().Name}"), error);
            }
        }

        return new Outcome(accepted, wrongType, format, unsupported, overflow);
    }

    private byte[] Mutate(Random random)
    {
        var bytes = new List<byte>(_corpus[random.Next(_corpus.Length)]);
        for (int changes = random.Next(0, 4); changes > 0; changes--)
            Change(bytes, random);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count + 1);
        int length = Math.Min(random.Next(1, 6), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                byte[] other = _corpus[random.Next(_corpus.Length)];
                int from = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 12), other.Length - from)).ToArray());
                break;
            case 5:
                ReplaceNumber(bytes, random);
                break;
            default:
                bytes.InsertRange(at, _tokens[random.Next(_tokens.Length)]);
                break;
        }
    }

    // Numbers are where the arithmetic is: replace one whole by a border value.
    private static void ReplaceNumber(List<byte> bytes, Random random)
    {
        int at = bytes.FindIndex(random.Next(bytes.Count + 1) is var from && from < bytes.Count ? from : 0, b => char.IsAsciiDigit((char)b));
        if (at < 0)
            return;
        int end = at;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end]))
            end++;
        bytes.RemoveRange(at, end - at);
        string[] borders = ["0", "1", "-1", "64", "65", "2147483647", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "1e5", "00"];
        bytes.InsertRange(at, Encoding.ASCII.GetBytes(borders[random.Next(borders.Length)]));
    }

    /// <summary>How the inputs ended.</summary>
    internal readonly record struct Outcome(int Accepted, int WrongType, int Format, int Unsupported, int Overflow)
    {
        public int Total => Accepted + WrongType + Format + Unsupported + Overflow;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Total:N0} inputs: {Accepted:N0} accepted, {Format:N0} wrong values, {WrongType:N0} wrong types, {Unsupported:N0} unsupported, {Overflow:N0} overflows");
    }
}
