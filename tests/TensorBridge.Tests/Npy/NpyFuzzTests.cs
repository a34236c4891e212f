using System.Text;

namespace TensorBridge.Tests.NpyFiles;

/// <summary>Whatever a file says, it is read or refused with an error of ours.</summary>
public class NpyFuzzTests
{
    private const int Rounds = 150_000;

    private static readonly string[] Seeds =
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }",
        "{'descr': [('a', '|u1'), ('', '|V7'), (('title', 'b'), '<f8', (2, 3))], 'fortran_order': True, 'shape': (5,), }",
        "{'descr': [('p', [('x', '>i2'), ('y', '<U3')]), ('é', '<M8[25s]')], 'fortran_order': False, 'shape': (2L, 0), }",
        "{'descr': '|S9223372036854775808', 'fortran_order': False, 'shape': (-1, 18446744073709551616), }",
    ];

    private static readonly string[] Tokens =
    [
        "'", "\"", "(", ")", "[", "]", "{", "}", ",", ":", "\\", "None", "True", "False", "0", "-1", "9223372036854775807", "1e999", "0x7f", "b'a'", "''",
        "'descr'", "'shape'", "'fortran_order'", "'|O'", "'<f16'", "'|V1073741824'", "\0", "\n", "\\ud800", "\\x", "L", "<type 'a'>", "<buffer 1 2 0>", "nan", "-inf", "…",
    ];

    [Fact]
    public void MutatedHeadersAreReadOrRefused()
    {
        var random = new Random(20240517);
        int accepted = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] file = Mutate(random);
            try
            {
                using TensorHandle tensor = Npy.Load(new MemoryStream(file));
                Assert.True(tensor.Layout.PayloadBytes <= file.Length);
                accepted++;
            }
            catch (Exception error) when (error is TensorException or OverflowException)
            {
                Assert.NotEmpty(error.Message);
            }
            catch (Exception error)
            {
                Assert.Fail($"round {round}: {error}\n{Encoding.Latin1.GetString(file)}");
            }
        }

        // The mutations must leave enough intact to reach everything behind the parser.
        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    private static byte[] Mutate(Random random)
    {
        var text = new StringBuilder(Seeds[random.Next(Seeds.Length)]);
        for (int edits = random.Next(4); edits > 0 && text.Length > 0; edits--)
            Edit(text, random);
        var version = (byte)random.Next(1, 4);
        byte[] file = NpyBytes.Make(version, (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetBytes(text.ToString()), random.Next(300));
        if (random.Next(8) == 0)
            file[random.Next(Math.Min(16, file.Length))] ^= (byte)(1 << random.Next(8));
        return random.Next(16) == 0 ? file[..random.Next(file.Length)] : file;
    }

    private static void Edit(StringBuilder text, Random random)
    {
        int at = random.Next(text.Length);
        int length = Math.Min(random.Next(1, 6), text.Length - at);
        switch (random.Next(5))
        {
            case 0:
                text[at] = (char)random.Next(256);
                break;
            case 1:
                text.Remove(at, length);
                break;
            case 2:
                text.Insert(at, Tokens[random.Next(Tokens.Length)]);
                break;
            case 3:
                text.Insert(at, text.ToString(at, length));
                break;
            default:
                text.Remove(at, length).Insert(at, random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
