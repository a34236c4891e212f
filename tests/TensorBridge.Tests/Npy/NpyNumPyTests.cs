using System.Text;
using TensorBridge.Copying;

namespace TensorBridge.Tests.NpyFiles;

/// <summary>Files of NumPy read here, files from here read by NumPy.</summary>
public sealed class NpyNumPyTests : IDisposable
{
    // Every line is a NumPy array; together they cover the types, orders, versions and odd names of the format.
    private static readonly string[] Arrays =
    [
        "np.arange(12.).reshape(3, 4)",
        "np.arange(12.).reshape(3, 4).T",
        "np.asfortranarray(np.arange(24, dtype='<i2').reshape(2, 3, 4))",
        "np.arange(5)[:, None]",
        "np.array(3.5)",
        "np.zeros((0, 3), 'f4')",
        "np.zeros((3, 0), order='F')",
        "np.zeros((2,) * 20, 'u1')",
        "np.arange(6, dtype='>i4').reshape(2, 3)",
        "np.arange(6, dtype='>f8').reshape(2, 3).T",
        "np.array([True, False])",
        "np.array([1 + 2j, 3], 'c8')",
        "np.array([1 + 2j, 3], '>c16')",
        "np.array([1.5, 2], 'f2')",
        "np.arange(4, dtype='u8')",
        "np.array(['2020-01-01', 'NaT'], 'M8[D]')",
        "np.array([1, 2], '>M8[25us]')",
        "np.array([1, 2], 'm8')",
        "np.array([b'abc', b'd'])",
        "np.array(['abc', 'é😀'])",
        "np.array(['abc'], '>U5')",
        "np.zeros(3, 'S0')",
        "np.array([b'12345678'], 'V8')",
        "np.zeros(3, [('a', 'u1'), ('b', '<f8')])",
        "np.zeros(3, np.dtype([('a', 'u1'), ('b', '<f8'), ('c', 'u1')], align=True))",
        "np.zeros((2, 2), [('p', [('x', '>i2'), ('y', '<U3')]), ('m', '<f4', (2, 3))])",
        "np.zeros(2, [(('a title', 'a'), '<i4'), ('t', 'M8[ns]')])",
        "np.zeros(2, [('it\\'s', '<i4'), ('say \"x\"', '<i4'), ('both \\' \"', '<i4'), ('tab\\t\\\\', '<i4')])",
        "np.zeros(2, [('é\\xad\\xa0', '<i4')])",
        "np.zeros(2, [('Ω\\u200b😀', '<i4')])",
        "np.zeros(2, [('column %05d' % i, '<i4') for i in range(4000)])",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FilesOfNumPyAreReadAndWrittenByteForByte()
    {
        NumPy.Require();
        var script = new StringBuilder("import numpy as np\n");
        for (int i = 0; i < Arrays.Length; i++)
            script.Append(System.Globalization.CultureInfo.InvariantCulture, $"a = {Arrays[i]}\nnp.save('{i}.npy', a)\nprint(a.dtype.str, a.shape, not a.flags.c_contiguous)\n");
        string[] facts = NumPy.Run(_folder.Path, script.ToString()).Split('\n');
        for (int i = 0; i < Arrays.Length; i++)
        {
            string path = _folder[$"{i}.npy"];
            NpyHeader header = NpyHeader.Read(path);
            Assert.Equal(facts[i], $"{header.DType.TypeString} {TensorText.Tuple(header.Layout.Shape)} {(header.Order == Order.F ? "True" : "False")}");
            using TensorHandle tensor = Npy.Open(path);
            Npy.Save(_folder["again.npy"], tensor);
            AssertSame(path, _folder["again.npy"], Arrays[i]);
            using TensorHandle loaded = Npy.Load(path);
            using (FileStream stream = File.Create(_folder["again.npy"]))
                Npy.Save(stream, loaded);
            AssertSame(path, _folder["again.npy"], Arrays[i]);
        }
    }

    [Fact]
    public void HeadersOfCreatedFilesEqualThoseOfOpenMemmap()
    {
        NumPy.Require();
        NumPy.Run(_folder.Path, """
            import numpy as np
            from numpy.lib.format import open_memmap
            open_memmap('0.npy', 'w+', '<f4', (3, 4))
            open_memmap('1.npy', 'w+', '>i8', (3, 4, 5), fortran_order=True)
            open_memmap('2.npy', 'w+', [('a', 'u1'), ('b', '<c8')], (7,))
            """);
        DType record = DType.Record(9, [new RecordField("a", DType.UInt8, 0), new RecordField("b", DType.Complex64, 1)]);
        Npy.Create(_folder["a0.npy"], DType.Float32, [3, 4]).Dispose();
        Npy.Create(_folder["a1.npy"], DType.Int64.WithByteOrder(ByteOrder.Big), [3, 4, 5], Order.F).Dispose();
        Npy.Create(_folder["a2.npy"], record, [7]).Dispose();
        for (int i = 0; i < 3; i++)
            AssertSame(_folder[$"{i}.npy"], _folder[$"a{i}.npy"], "created file");
    }

    [Fact]
    public void NumPyReadsWhatIsSavedHere()
    {
        NumPy.Require();
        NumPy.Run(_folder.Path, "import numpy as np; np.save('in.npy', np.arange(2*3*4).reshape(2, 3, 4).transpose(2, 0, 1) - 5)");
        using TensorHandle source = Npy.Open(_folder["in.npy"]);
        string[] types = ["<f4", ">f8", "<i2", ">u4", "|b1", "<c16", "<f2", ">c8"];
        foreach (Order order in (Order[])[Order.C, Order.F, Order.K])
        {
            foreach (string type in types)
                Npy.Save(_folder[$"{order}{Array.IndexOf(types, type)}.npy"], source, order, DType.Parse(type), new CopyOptions { Casting = CastingRule.Unsafe });
        }

        string list = string.Join(", ", types.Select(t => $"'{t}'"));
        NumPy.Run(_folder.Path, $"""
            import numpy as np
            a = np.load('in.npy')
            for order in 'CFK':
                for i, t in enumerate([{list}]):
                    b = np.load(f'{"{order}{i}"}.npy')
                    assert b.dtype == np.dtype(t), (order, t, b.dtype)
                    assert (b == a.astype(t)).all(), (order, t, b)
                    assert b.flags.f_contiguous == (order == 'F'), (order, t)
            """);
    }

    private static void AssertSame(string expected, string actual, string what)
    {
        byte[] theirs = File.ReadAllBytes(expected);
        byte[] ours = File.ReadAllBytes(actual);
        int common = theirs.AsSpan().CommonPrefixLength(ours);
        Assert.True(common == theirs.Length && common == ours.Length,
            $"{what}: {theirs.Length} and {ours.Length} bytes differ at {common}\n{Start(theirs)}\n{Start(ours)}");
    }

    private static string Start(byte[] file) => Encoding.Latin1.GetString(file, 0, Math.Min(file.Length, 300));
}
