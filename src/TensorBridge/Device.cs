using System.Globalization;

namespace TensorBridge;

/// <summary>A place where memory lives: a kind and a number, written <c>cpu</c>, <c>cuda:0</c>, <c>cuda_host</c>.</summary>
/// <param name="Type">The kind of device, with DLPack's numbers.</param>
/// <param name="Id">Which device of that kind; 0 for the host.</param>
public readonly record struct Device(DeviceType Type, int Id = 0)
{
    /// <summary>Ordinary host memory.</summary>
    public static Device Cpu => new(DeviceType.Cpu);

    /// <summary>The memory of CUDA device <paramref name="id"/>.</summary>
    public static Device Cuda(int id = 0) => new(DeviceType.Cuda, id);

    /// <summary>True when the host can read the memory through its address: host, page-locked or managed memory.</summary>
    public bool IsHostAccessible => Type is DeviceType.Cpu or DeviceType.CudaHost or DeviceType.RocmHost or DeviceType.CudaManaged;

    /// <summary>Reads the text form that <see cref="ToString"/> writes.</summary>
    /// <exception cref="TensorFormatException">The text names no device.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':');
        ReadOnlySpan<char> name = colon < 0 ? text : text.AsSpan(0, colon);
        int id = 0;
        bool idValid = colon < 0 || int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out id);
        foreach (DeviceType type in Enum.GetValues<DeviceType>())
        {
            if (idValid && name.SequenceEqual(NameOf(type)))
                return new Device(type, id);
        }

        throw new TensorFormatException($"device '{text}' is not known; write 'cpu', 'cuda' or 'cuda:1', 'cuda_host', 'cuda_managed', 'opencl:0', 'rocm:0'");
    }

    /// <summary>The text form: the host without a number, every other device with one.</summary>
    public override string ToString() => Type == DeviceType.Cpu && Id == 0
        ? "cpu"
        : string.Create(CultureInfo.InvariantCulture, $"{NameOf(Type)}:{Id}");

    private static string NameOf(DeviceType type) => type switch
    {
        DeviceType.Cpu => "cpu",
        DeviceType.Cuda => "cuda",
        DeviceType.CudaHost => "cuda_host",
        DeviceType.OpenCL => "opencl",
        DeviceType.Rocm => "rocm",
        DeviceType.RocmHost => "rocm_host",
        DeviceType.CudaManaged => "cuda_managed",
        _ => string.Create(CultureInfo.InvariantCulture, $"device_{(int)type}"),
    };
}
