namespace TensorBridge.Tests.Protocols;

/// <summary>Every refusal of the protocol: which exception, and that the message names the key.</summary>
public class ArrayInterfaceRefusalTests
{
    private const string Good = "'data': (4096, False), 'shape': (3,), 'typestr': '<f4'";

    public static TheoryData<string, string, string> Host => new()
    {
        // text, exception (V value, T type, U unsupported, O overflow), word that the message must hold
        { "[1]", "V", "__array_interface__" },
        { "5", "V", "dictionary" },
        { "{'data': (4096, False), 'shape': (3,)}", "V", "'typestr'" },
        { "{'data': (4096, False), 'typestr': '<f4'}", "V", "'shape'" },
        { "{'shape': (3,), 'typestr': '<f4'}", "V", "'data'" },
        { "{'data': None, 'shape': (3,), 'typestr': '<f4'}", "V", "'data'" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': 5}", "T", "'typestr'" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': b'<f4'}", "T", "'typestr'" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': None}", "T", "'typestr'" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '2f8'}", "T", "2f8" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': 'float64'}", "T", "float64" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '<f8,<f8'}", "T", "<f8,<f8" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '<f'}", "T", "<f" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '<f3'}", "T", "<f3" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '<M8[xx]'}", "T", "xx" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '<M8[0ns]'}", "T", "0ns" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '|O'}", "U", "object" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '<f16'}", "U", "f16" },
        { "{'data': (4096, False), 'shape': (3,), 'typestr': '|t4'}", "U", "bit" },
        { "{'data': (4096, False), 'shape': [3], 'typestr': '<f4'}", "T", "'shape'" },
        { "{'data': (4096, False), 'shape': 3, 'typestr': '<f4'}", "T", "(3,)" },
        { "{'data': (4096, False), 'shape': (3), 'typestr': '<f4'}", "T", "(3,)" },
        { "{'data': (4096, False), 'shape': None, 'typestr': '<f4'}", "T", "'shape'" },
        { "{'data': (4096, False), 'shape': (3.0,), 'typestr': '<f4'}", "T", "3" },
        { "{'data': (4096, False), 'shape': ('3',), 'typestr': '<f4'}", "T", "'3'" },
        { "{'data': (4096, False), 'shape': (-1,), 'typestr': '<f4'}", "V", "-1" },
        { "{'data': (4096, False), 'shape': (-1, -1), 'typestr': '<f4'}", "V", "-1" },
        { "{'data': (4096, False), 'shape': (9223372036854775808,), 'typestr': '<f4'}", "O", "9223372036854775808" },
        { "{'data': (4096, False), 'shape': (4294967296, 4294967296), 'typestr': '<f4'}", "O", "shape" },
        { "{'data': (4096, False), 'shape': (4294967296, 4294967296, 0), 'typestr': '<f4'}", "O", "shape" },
        { "{'data': (4096, False), 'shape': (9223372036854775807,), 'typestr': '<f4'}", "O", "shape" },
        { "{" + Good + ", 'strides': [4]}", "T", "'strides'" },
        { "{" + Good + ", 'strides': 4}", "T", "'strides'" },
        { "{" + Good + ", 'strides': (4.5,)}", "T", "'strides'" },
        { "{" + Good + ", 'strides': (4, 4)}", "V", "'strides'" },
        { "{" + Good + ", 'strides': ()}", "V", "'strides'" },
        { "{" + Good + ", 'strides': (9223372036854775808,)}", "O", "'strides'" },
        { "{" + Good + ", 'strides': (9223372036854775807,)}", "O", "strides" },
        { "{" + Good + ", 'strides': (-4096,)}", "O", "address space" },
        { "{'data': 4096, 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': 'abc', 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': b'abcdefghijkl', 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': (4096,), 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': (4096, False, 0), 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': [4096, False], 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': ('4096', False), 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': (4096.0, False), 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': (None, False), 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': (True, False), 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'data': (0, False), 'shape': (3,), 'typestr': '<f4'}", "V", "NULL" },
        { "{'data': (-4096, False), 'shape': (3,), 'typestr': '<f4'}", "V", "-4096" },
        { "{'data': (18446744073709551616, False), 'shape': (3,), 'typestr': '<f4'}", "O", "'data'" },
        { "{'data': (18446744073709551612, False), 'shape': (3,), 'typestr': '<f4'}", "O", "address space" },
        { "{" + Good + ", 'mask': True}", "V", "'mask'" },
        { "{" + Good + ", 'version': '3'}", "T", "'version'" },
        { "{" + Good + ", 'version': -1}", "V", "'version'" },
        { "{" + Good + ", 'descr': [('', '<f8')]}", "V", "'descr'" },
        { "{" + Good + ", 'descr': [('', '<i4')]}", "V", "'descr'" },
        { "{" + Good + ", 'descr': 5}", "T", "'descr'" },
        { "{" + Good + ", 'descr': ('', '<f4')}", "T", "'descr'" },
        { "{" + Good + ", 'descr': [['', '<f4']]}", "T", "'descr'" },
        { "{" + Good + ", 'descr': [('', '|O')]}", "U", "object" },
        { Record("[('a', '<f4'), ('a', '<f4')]"), "V", "'a'" },
        { Record("[('a', '<f4'), ('b', '<f8')]"), "V", "12 bytes" },
        { Record("[('a', '<f4')]"), "V", "4 bytes" },
        { Record("[('a', '<f4', (-1,))]"), "V", "-1" },
        { Record("[('a', '<f4', [2])]"), "T", "shape" },
        { Record("[('a', '<f4', (2,), 4)]"), "T", "'descr'" },
        { Record("[(5, '<f8')]"), "T", "name" },
        { Record("[('a', 5)]"), "T", "type" },
        { Record("[('a', '|O')]"), "U", "object" },
        { Record("[('a', [('b', '|O')])]"), "U", "object" },
        { Record("[('a', '<f4', (1073741824, 1073741824))]"), "V", "sub-array" },
        { "{'data': (4096, False), 'shape': (" + string.Concat(Enumerable.Repeat("1,", 65)) + "), 'typestr': '<f4'}", "V", "64" },
    };

    public static TheoryData<string, string, string> Cuda => new()
    {
        { "{" + Good + ", 'stream': 0}", "V", "'stream'" },
        { "{" + Good + ", 'stream': -1}", "V", "'stream'" },
        { "{" + Good + ", 'stream': '1'}", "T", "'stream'" },
        { "{" + Good + ", 'stream': 1.0}", "T", "'stream'" },
        { "{" + Good + ", 'stream': True}", "T", "'stream'" },
        { "{" + Good + ", 'stream': 18446744073709551616}", "O", "'stream'" },
        { "{" + Good + ", 'mask': (4096, False)}", "V", "'mask'" },
        { "{'data': None, 'shape': (3,), 'typestr': '<f4'}", "T", "'data'" },
        { "{'shape': (3,), 'typestr': '<f4'}", "V", "'data'" },
        { "{'data': (0, False), 'shape': (3,), 'typestr': '<f4'}", "V", "NULL" },
    };

    /// <summary>Dictionaries that are unusual but right.</summary>
    public static TheoryData<string> Unusual => new()
    {
        "{" + Good + ", 'version': 4, 'unknown': [1, {'a': (2,)}], '__ref': None, 5: 6, (1, 2): 3}",
        "{" + Good + ", 'offset': 'ignored beside a pointer', 'stream': 0}",
        "{" + Good + ", 'mask': None, 'strides': (-4,), 'descr': None}",
        "{'data': (4097, 1), 'shape': (3, 1), 'typestr': '=f4', 'strides': (0, 77)}",
        "{'data': (0, False), 'shape': (3, 0), 'typestr': '<f4', 'strides': (9223372036854775807, 1)}",
        "{'data': (4096, False), 'shape': (), 'typestr': '>c16'}",
        "{'data': (4096, False), 'shape': (True,), 'typestr': '|f8'}",
        "{'data': (0x7f00, 0), 'shape': (3,), 'typestr': '<M8[25s]'}",
        "{'data': (4096, ''), 'shape': (3,), 'typestr': '<V2', 'descr': [('', '|V2')]}",
    };

    [Theory]
    [MemberData(nameof(Host))]
    public void HostDictionariesAreRefused(string text, string error, string word) => CheckRefused(text, error, word, ArrayInterfaceKind.Host);

    [Theory]
    [MemberData(nameof(Cuda))]
    public void CudaDictionariesAreRefused(string text, string error, string word) => CheckRefused(text, error, word, ArrayInterfaceKind.Cuda);

    [Fact]
    public void CasesAreCounted() =>
        Console.WriteLine($"array interfaces by hand: {Unusual.Count} unusual dictionaries accepted, {Host.Count + Cuda.Count} refused");

    [Theory]
    [MemberData(nameof(Unusual))]
    public void UnusualButRightDictionariesAreRead(string text) => ArrayInterface.Describe(text);

    private static string Record(string description) => $"{{'data': (4096, False), 'shape': (3,), 'typestr': '|V8', 'descr': {description}}}";

    private static void CheckRefused(string text, string error, string word, ArrayInterfaceKind kind)
    {
        Exception exception = Assert.ThrowsAny<Exception>(() => ArrayInterface.Describe(text, kind));
        string found = exception switch
        {
            TensorFormatException { IsWrongType: true } => "T",
            TensorFormatException => "V",
            TensorUnsupportedException => "U",
            OverflowException => "O",
            _ => exception.ToString(),
        };
        Assert.Equal(error, found);
        Assert.Contains(word, exception.Message, StringComparison.OrdinalIgnoreCase);
    }
}
