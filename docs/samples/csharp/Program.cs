using TensorBridge.Samples;

var samples = new Dictionary<string, Action>
{
    ["numpy-in-csharp"] = NumPyInCSharp.Run,
    ["bare-dictionary"] = BareDictionary.Run,
    ["image-to-planes"] = ImageToPlanes.Run,
    ["record-arrays"] = RecordArrays.Run,
    ["big-endian-file"] = BigEndianFile.Run,
};

if (args is not [string name] || !samples.TryGetValue(name, out Action? sample))
{
    Console.Error.WriteLine($"name one sample: {string.Join(", ", samples.Keys)}");
    return 2;
}

sample();
return 0;
