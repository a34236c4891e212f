using System.Text.Json;
using TensorBridge.Protocols;
using TensorBridge.Tests.Copying;

namespace TensorBridge.Tests.Protocols;

/// <summary>What the NumPy on this machine really exports: dictionaries and buffer formats of random types must be read, and agree.</summary>
public class NumPyExportTests
{
    // One JSON object per array: the dictionary as Python prints it, NumPy's own facts, and the buffer format where it has one.
    private const string Script = """
        import json, random
        random.seed(11); cases = []
        plain = ['?', 'i1', 'u1', 'i2', '>i2', 'u4', '>u4', 'i8', '>i8', 'f2', 'f4', '>f4', 'f8', '>f8', 'c8', '>c8', 'c16', 'S1', 'S5', 'U1', '>U3', 'V3', 'M8[ns]', '>M8[25s]', 'm8[D]']
        def dtype(depth=0):
            if depth > 2 or random.random() < 0.55: return np.dtype(random.choice(plain))
            fields = []
            for i in range(random.randint(1, 4)):
                name = 'f%d_%d' % (depth, i)
                f = ((('title of ' + name), name) if random.random() < 0.1 else name, dtype(depth + 1))
                if random.random() < 0.3: f += (tuple(random.randint(1, 3) for _ in range(random.randint(1, 2))),)
                fields.append(f)
            return np.dtype(fields, align=random.random() < 0.4)
        for _ in range(1500):
            d = dtype()
            a = np.zeros([random.randint(0, 4) for _ in range(random.randint(0, 3))], d)
            if a.ndim and random.random() < 0.5: a = a[tuple(slice(None, None, random.choice([1, 2, -1])) for _ in a.shape)].T
            try: m = memoryview(a); fmt, size = m.format, m.itemsize
            except ValueError: fmt, size = None, 0
            cases.append(dict(text=repr(a.__array_interface__), typestr=d.str, shape=list(a.shape), strides=list(a.strides), format=fmt, size=size, readonly=not a.flags.writeable))
        out.write(json.dumps(cases).encode())
        """;

    [Fact]
    public void DictionariesAndFormatsOfNumPyAreReadAndAgree()
    {
        using var cases = JsonDocument.Parse(NumPy.Run(Script, []));
        int formats = 0;
        int ambiguous = 0;
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            string text = one.GetProperty("text").GetString()!;
            TensorDescriptor found = ArrayInterface.Describe(text);
            Assert.Equal(one.GetProperty("typestr").GetString(), found.DType.TypeString);
            Assert.Equal(Numbers(one, "shape"), found.Shape.ToArray());
            Assert.Equal(new Layout(Numbers(one, "shape"), Numbers(one, "strides"), found.DType.ItemSize), found.Layout);
            Assert.Equal(one.GetProperty("readonly").GetBoolean(), found.IsReadOnly);
            if (one.GetProperty("format").GetString() is not { } format)
                continue;
            try
            {
                DType type = BufferFormat.Parse(format, one.GetProperty("size").GetInt64());
                Assert.True(Leaves(found.DType).SequenceEqual(Leaves(type)), $"{text} and {format} disagree");
                formats++;
            }
            catch (TensorFormatException error) when (!LosesPadding(found.DType) && !error.Message.Contains("repeats a record", StringComparison.Ordinal))
            {
                Assert.Fail($"{error.Message}\n{text}\n{format}");
            }
            catch (TensorFormatException)
            {
                ambiguous++;
            }
        }

        Console.WriteLine($"NumPy's exports: {cases.RootElement.GetArrayLength()} dictionaries and {formats} formats read, {ambiguous} formats refused that lack padding");
        Assert.True(formats > 800 && ambiguous < formats / 4);
    }

    // Reads our formats and our descr with NumPy and prints the pairs that differ. Padding has names in neither.
    private const string ReadBackScript = """
        import json
        try: from numpy._core._internal import _dtype_from_pep3118 as parse
        except ImportError: from numpy.core._internal import _dtype_from_pep3118 as parse
        def leaves(d, path='', offset=0):
            base, shape = d.subdtype or (d, ())
            if base.names is None: return [(path, offset, base.str, shape)]
            return [(path, offset, shape)] + [x for n in base.names if n[0] == 'n' for x in leaves(base.fields[n][0], path + '.' + n, offset + base.fields[n][1])]
        wrong = []
        for case in json.loads(data):
            a, b = parse(case['format']), np.dtype(eval(case['descr']))
            if leaves(a) != leaves(b) or b.itemsize != case['size']: wrong.append([case['format'], case['descr'], str(a), str(b)])
        out.write(json.dumps(wrong).encode())
        """;

    [Fact]
    public void NumPyReadsOurFormatsAndDescriptionsAlike()
    {
        var random = new Random(5);
        var cases = new List<object>();
        while (cases.Count < 1000)
        {
            DType type = RandomRecord(random, 0);
            if (BufferFormat.Format(type) is not { } format)
                continue;
            Assert.Equal(type, BufferFormat.Parse(format, type.ItemSize));
            cases.Add(new { format, descr = LiteralText.Write(RecordDescription.Write(type)), size = type.ItemSize });
        }

        byte[] wrong = NumPy.Run(ReadBackScript, JsonSerializer.SerializeToUtf8Bytes(cases));
        Assert.Equal("[]", System.Text.Encoding.UTF8.GetString(wrong));
    }

    private static DType RandomRecord(Random random, int depth)
    {
        string[] plain = ["|b1", "|i1", "<i2", ">i2", "<u4", ">u8", "<i8", "<f2", "<f4", ">f8", "<c8", ">c16", "|S3", "<U2", ">U1", "|V3"];
        var fields = new List<RecordField>();
        int offset = 0;
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            DType type = depth < 2 && random.Next(3) == 0 ? RandomRecord(random, depth + 1) : DType.Parse(plain[random.Next(plain.Length)]);
            var field = new RecordField($"n{fields.Count}", type, offset + random.Next(3), random.Next(3) == 0 ? [random.Next(1, 4), random.Next(1, 3)] : []);
            fields.Add(field);
            offset = field.Offset + field.Size;
        }

        return DType.Record(offset + random.Next(4), [.. fields]);
    }

    private static long[] Numbers(JsonElement one, string key) => [.. one.GetProperty(key).EnumerateArray().Select(n => n.GetInt64())];

    // NumPy leaves the padding at the end of records out of its formats; where that of the whole is no C alignment, nothing tells its size.
    private static bool LosesPadding(DType type) => type.IsRecord
        && (type.Fields[^1].Offset + type.Fields[^1].Size < type.ItemSize || type.Fields.Any(field => LosesPadding(field.Type)));

    // Every field down to the elements, with its place in the record: nested records may differ in padding that nothing lies in.
    private static IEnumerable<(string Path, long Offset, DType Type)> Leaves(DType type, string path = "", long offset = 0)
    {
        if (!type.IsRecord)
            return [(path, offset, type)];
        return type.Fields.SelectMany(field => Enumerable.Range(0, field.Shape.Aggregate(1, (a, b) => a * b))
            .SelectMany(i => Leaves(field.Type, $"{path}.{field.Name}[{i}]", offset + field.Offset + ((long)i * field.Type.ItemSize))));
    }
}
