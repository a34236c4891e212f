using System.Text.Json;
using TensorBridge.Tests.Copying;

namespace TensorBridge.Tests;

/// <summary>Texts beside those of the NumPy on this machine, over random arrays of every kind.</summary>
public unsafe class TensorTextNumPyTests
{
    // Prints one JSON object per array: type, shape, bytes, and NumPy's text for the values.
    private const string Script = """
        import json
        rng = np.random.default_rng(7); cases = []
        def add(a):
            text = np.array2string(a, separator=', ', prefix='tensor(', suffix=')') if a.size else '[]'
            cases.append(dict(type=a.dtype.str, descr=repr(a.dtype.descr), shape=list(a.shape), data=a.tobytes().hex(), text=text))
        for dt in ['f8', 'f4', 'f2', '>f8', '>f4']:
            for k in range(160):
                n = int(rng.integers(1, 9)); mode = k % 8
                x = rng.standard_normal(n)
                if mode == 1: x *= 1e6
                if mode == 2: x = np.round(x, 3)
                if mode == 3: x *= 10.0 ** rng.integers(-12, 12, n)
                if mode == 4: x = rng.integers(-1000, 1000, n).astype('f8')
                if mode == 5: x[0] = np.nan; x[-1] = -np.inf if k % 2 else np.inf
                if mode == 6: x = x * 0; x[0] = -0.0
                if mode == 7: x = rng.integers(0, 2 ** 40, n) / 512.0
                add(x.astype(dt))
        for dt in ['c8', 'c16', '>c16']:
            for k in range(60):
                n = int(rng.integers(1, 6)); z = (rng.standard_normal(n) + 1j * rng.standard_normal(n)) * (1e9 if k % 3 == 1 else 1)
                if k % 5 == 2: z[0] = complex(np.nan, np.inf)
                if k % 4 == 3: z = np.round(z.real) + 1j * np.round(z.imag, 1)
                add(z.astype(dt))
        for dt in ['i1', 'u1', 'i2', '>u2', 'i4', 'u4', 'i8', 'u8', '?']:
            for k in range(10):
                shape = tuple(int(v) for v in rng.integers(1, 6, int(rng.integers(0, 4))))
                add(rng.integers(0, 100, shape).astype(dt))
                if 'i' in dt: add((-rng.integers(0, 100, shape)).astype(dt))
        for shape in [(1001,), (2000,), (40, 40), (3, 500), (10, 10, 11), (7, 8, 9, 10), (2, 2, 600), (1000,)]:
            add(np.arange(np.prod(shape)).reshape(shape).astype('i4')); add((np.arange(np.prod(shape)) / 7).reshape(shape))
        for unit in ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as', '10us', '3D']:
            for k in range(8):
                v = rng.integers(-2500, 9000, 4) if unit == 'Y' else rng.integers(-5000, 90000, 4) if unit in ('M', 'W', 'D', 'h', '3D') else rng.integers(-10 ** 15, 10 ** 15, 4) // (1 if k % 2 else 10 ** 4)
                if unit == 'm': v //= 10 ** 3
                v = v.astype('i8')
                if k % 3 == 2: v[1] = -2 ** 63
                add(v.view('M8[' + unit + ']')); add(v.view('m8[' + unit + ']'))
        add(np.array([b'abc', b"x'\x00y", b'\xff\n', b'"\''])); add(np.array(['abc', 'x"y', "it's", '\u00e9\U0001F600\u200b\t']))
        add(np.array([b'\x01\x02ab', b'zz'], 'V4')); add(np.zeros(3, [('a', 'u1'), ('b', '<f8', (2,))]))
        add(np.array([(1, 2.5, b'q'), (300, 1e10, b'abc')], [('x', '>i4'), ('y', 'f4'), ('z', 'S3')])); add(np.zeros((2, 2), [('a', 'i4')]))
        for shape in [(0,), (3, 0), (1,), (1, 1, 1), ()]: add(np.zeros(shape))
        add(np.array(1e10)); add(np.array(True)); add(np.array(3))
        out.write(json.dumps(cases).encode())
        """;

    [Fact]
    public void TextsAreThoseOfNumPy()
    {
        using var cases = JsonDocument.Parse(NumPy.Run(Script, []));
        int count = 0;
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            byte[] data = [.. Convert.FromHexString(one.GetProperty("data").GetString()!), 0];
            string shape = string.Concat(one.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64() + ","));
            fixed (byte* pointer = data)
            {
                using TensorHandle handle = ArrayInterface.Open($"{{'data': ({(ulong)pointer}, False), 'shape': ({shape}), 'typestr': '{one.GetProperty("type")}', 'descr': {one.GetProperty("descr")}}}");
                Assert.StartsWith($"tensor({one.GetProperty("text")},", handle.ToText(), StringComparison.Ordinal);
            }

            count++;
        }

        Console.WriteLine($"texts compared with NumPy: {count}");
        Assert.True(count > 1000);
    }
}
