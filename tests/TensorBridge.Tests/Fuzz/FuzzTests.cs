using System.Diagnostics;
using System.Globalization;
using System.Text;
using TensorBridge.Interop;
using TensorBridge.Protocols;

namespace TensorBridge.Tests;

/// <summary>More than a million mutated dictionaries, formats, typestrs and indices: each is accepted or ends in a typed error.</summary>
public unsafe class FuzzTests
{
    private static readonly string[] Dictionaries =
    [
        "{'data': (140352123456, False), 'strides': None, 'descr': [('', '<f4')], 'typestr': '<f4', 'shape': (3, 4), 'version': 3}",
        "{'data': (140352123456, True), 'strides': (-16, 0), 'typestr': '>c16', 'shape': (3, 4), 'version': 3, 'stream': 2}",
        "{\"data\": [4096, false], \"typestr\": \"<M8[10us]\", \"shape\": [2, 0], \"strides\": null, \"mask\": null}",
        "{'data': <buffer 4096 64 1>, 'typestr': '<i8', 'shape': (3,), 'offset': 8, 'strides': (<index 'numpy.int64' 16>,)}",
        "{'data': (4096, 1), 'typestr': '|V24', 'shape': (), 'descr': [('a', '|u1'), ('', '|V7'), (('t', 'b'), '<f8', (2,))]}",
        "{'data': (4096, False), 'typestr': '|V14', 'shape': (2,), 'descr': [('n', [('x', '>i2', (2, 3)), ('y', '|S1')]), ('', '|V1')], '__ref': {1: [None, (2.5, b'q')]}}",
        "{'data': (0, False), 'shape': (0,), 'typestr': '<U5', 'version': 3, 'other': <type 'numpy.ndarray'>, 'mask': None}",
    ];

    private static readonly string[] DictionaryTokens =
    [
        "'mask': 1, ", "'shape': [3], ", "'typestr': 5, ", "'typestr': '|O', ", "'stream': 0, ", "'descr': [], ", "None", "True", "null", "(", ")", "[", "]", "{", "}", ",", ":",
        "'", "\"", "\\", "\\u0041", "\\ud800", "b'", "-", "1e400", "nan", "inf", "0x7f", "<", ">", "<f4", "2f8", "[ns]", "<buffer 18446744073709551615 9223372036854775807 0>", "<type 'a'>", "<index 'i' -3>",
        "é", "\0", "((((((((((((((((", "99999999999999999999999999999999999999", "'strides': (9223372036854775807,), ", "'data': (-1, 0), ",
    ];

    private static readonly string[] Formats =
    [
        "d", ">q", "Zf", "T{B:a:xxxxxxxd:b:}", "T{B:a:>d:b:=q:c:(2,3)i:d:}", "T{T{d:b:B:a:}:n:xxxxxxxB:z:}", "5s", "T{5s:s:=3w:u:>3w:U:4x:v:=Zf:c:?:?:}", "(2,3)<h", "hhl", "@l", "^T{b:a:d:b:}", "3T{hh}",
    ];

    private static readonly string[] FormatTokens =
        ["T{", "}", "(", ")", ",", ":", ":a:", "x", "g", "O", "P", "Z", "Zd", "<", ">", "=", "@", "^", "!", "9999999999", "1073741824", "(1073741824,1073741824)", "0", " ", "é", "l", "w", "T{T{T{T{", "&", "X{}"];

    private static readonly string[] TypeStrings = ["<f4", "|b1", ">c16", "<M8[10us]", "|S5", "<U7", "|V16", "float32", "datetime64[ns]", "str5", "bfloat16", "void16"];

    private static readonly string[] TypeStringTokens = ["<", ">", "|", "=", "f", "8", "16", "[", "]", "[ns]", "O", "t", "2147483648", "99999999999", "-", "é", "numpy.", " "];

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("TENSORBRIDGE_FUZZ_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 20_260_101;

    private readonly int _scale = int.TryParse(Environment.GetEnvironmentVariable("TENSORBRIDGE_FUZZ_SCALE"), CultureInfo.InvariantCulture, out int scale) ? scale : 1;

    [Fact]
    public void DictionariesEndInAResultOrATypedError() => Fuzz("dictionaries", 700_000, Dictionaries, DictionaryTokens, text =>
    {
        long* room = stackalloc long[2 * LayoutMath.MaxRank];
        var tensor = new RawTensor { Shape = room, Strides = room + LayoutMath.MaxRank };
        ArrayInterfaceKind kind = (text.Length & 1) == 0 ? ArrayInterfaceKind.Host : ArrayInterfaceKind.Cuda;
        DType type = ArrayInterfaceParser.Parse(text, kind, wholeBuffer: text.Length % 3 == 0, allowTags: true, ref tensor);
        TensorDescriptor descriptor = tensor.ToDescriptor(type);
        Assert.True(descriptor.Layout.Rank <= Layout.MaxRank);
    });

    [Fact]
    public void FormatsEndInAResultOrATypedError() => Fuzz("formats", 300_000, Formats, FormatTokens, text =>
    {
        long itemSize = SizeOf(text);
        DType type = BufferFormat.Parse(text, itemSize);
        Assert.Equal(itemSize, type.ItemSize);
        if (BufferFormat.Format(type) is { } written && !HasEmptyRecord(type))
            Assert.Equal(type, BufferFormat.Parse(written, itemSize));
    });

    [Fact]
    public void TypeStringsEndInAResultOrATypedError() => Fuzz("typestrs", 200_000, TypeStrings, TypeStringTokens, text =>
    {
        string name = Encoding.UTF8.GetString(text);
        DType type = DType.FromName(name);
        Assert.Equal(type.ItemSize, DType.Parse(type.TypeString).ItemSize);
        TypeStringCache.Get(text);
    });

    [Fact]
    public void IndicesEndInAResultOrATypedError() => Fuzz("indices", 50_000, ["1, ::-1, ..., None, 'a,b', 2:, :-3:2"], ["'", ":", ",", "...", "-", "9223372036854775808", "None"], text =>
        TensorIndex.ParseAll(Encoding.UTF8.GetString(text)));

    // Most sizes are what the format means, so that more than the size check is reached.
    private static long SizeOf(byte[] text)
    {
        try
        {
            return new BufferFormatReader(text, text.Length % 2 == 0).ReadAll(out _, out _).ItemSize;
        }
        catch (TensorException)
        {
            return text.Length % 17;
        }
    }

    private static bool HasEmptyRecord(DType type) => type.IsRecord && (type.Fields.IsEmpty || type.Fields.Any(f => HasEmptyRecord(f.Type)));

    private void Fuzz(string what, int count, string[] corpus, string[] tokens, Action<byte[]> parse)
    {
        var watch = Stopwatch.StartNew();
        MutationFuzzer.Outcome outcome = new MutationFuzzer(corpus, tokens, _seed).Run(count * _scale, parse);
        string line = string.Create(CultureInfo.InvariantCulture, $"fuzz {what}, seed {_seed}: {outcome}; {outcome.Total / watch.Elapsed.TotalSeconds:N0} inputs/s");
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
        Assert.True(outcome.Accepted > 0 && outcome.Format + outcome.WrongType > 0, line);
    }
}
