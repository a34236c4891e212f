using System.Runtime.InteropServices;

namespace TensorBridge.PtxInterpreter;

/// <summary>The control side of the driver stand-in, and the driver calls that tests make in the role of another library.</summary>
internal static unsafe partial class FakeCuda
{
    private const string Library = "fakecuda";

    private static nint s_driver;

    /// <summary>Binds this class to a stand-in that is loaded already. Another one later changes nothing: .NET binds a function once.</summary>
    /// <param name="driver">The library's handle.</param>
    /// <exception cref="TensorDeviceException">The library is a real driver.</exception>
    public static void Bind(nint driver)
    {
        if (!NativeLibrary.TryGetExport(driver, "fakecuda_on_launch", out _))
            throw new TensorDeviceException("the libcuda.so.1 of this process is no stand-in, so there is nothing to execute kernels for; put the stand-in's folder first on LD_LIBRARY_PATH");
        if (Interlocked.CompareExchange(ref s_driver, driver, 0) == 0)
            NativeLibrary.SetDllImportResolver(typeof(FakeCuda).Assembly, static (name, _, _) => name == Library ? s_driver : 0);
    }

    [LibraryImport(Library, EntryPoint = "fakecuda_configure")]
    public static partial void Configure(int devices, int compute, int version, long memory);

    [LibraryImport(Library, EntryPoint = "fakecuda_on_launch")]
    public static partial void OnLaunch(delegate* unmanaged<FakeLaunch*, int> callback);

    [LibraryImport(Library, EntryPoint = "fakecuda_advance")]
    public static partial int Advance();

    [LibraryImport(Library, EntryPoint = "fakecuda_set_eager")]
    public static partial void SetEager(int value);

    [LibraryImport(Library, EntryPoint = "fakecuda_reset_sticky")]
    public static partial void ResetSticky();

    [LibraryImport(Library, EntryPoint = "fakecuda_forget")]
    public static partial void Forget();

    [LibraryImport(Library, EntryPoint = "fakecuda_fail", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void Fail(string name, int nth, int error);

    [LibraryImport(Library, EntryPoint = "fakecuda_fail_nth")]
    public static partial void FailNth(int nth, int error);

    [LibraryImport(Library, EntryPoint = "fakecuda_no_faults")]
    public static partial void NoFaults();

    [LibraryImport(Library, EntryPoint = "fakecuda_calls", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Calls(string? name);

    [LibraryImport(Library, EntryPoint = "fakecuda_called")]
    private static partial int Called(byte* buffer, int capacity);

    [LibraryImport(Library, EntryPoint = "fakecuda_live")]
    public static partial int Live(FakeObject kind);

    [LibraryImport(Library, EntryPoint = "fakecuda_pending")]
    public static partial int Pending(nint stream);

    [LibraryImport(Library, EntryPoint = "fakecuda_pending_frees")]
    public static partial int PendingFrees();

    [LibraryImport(Library, EntryPoint = "fakecuda_primary_references")]
    public static partial int PrimaryReferences(int device);

    [LibraryImport(Library, EntryPoint = "fakecuda_host_address")]
    public static partial byte* HostAddress(nuint address);

    [LibraryImport(Library, EntryPoint = "fakecuda_accessible")]
    public static partial int Accessible(nint context, ulong address, out ulong start, out ulong size, out byte* host);

    [LibraryImport(Library, EntryPoint = "fakecuda_dump_ptx", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void DumpPtx(string? folder);

    [LibraryImport(Library, EntryPoint = "fakecuda_log")]
    private static partial nint LogText();

    [LibraryImport(Library)]
    public static partial int cuInit(uint flags);

    [LibraryImport(Library)]
    public static partial int cuCtxCreate_v2(out nint context, uint flags, int device);

    [LibraryImport(Library)]
    public static partial int cuCtxDestroy_v2(nint context);

    [LibraryImport(Library)]
    public static partial int cuCtxGetCurrent(out nint context);

    [LibraryImport(Library)]
    public static partial int cuCtxSetCurrent(nint context);

    [LibraryImport(Library)]
    public static partial int cuCtxPushCurrent_v2(nint context);

    [LibraryImport(Library)]
    public static partial int cuCtxPopCurrent_v2(out nint context);

    [LibraryImport(Library)]
    public static partial int cuDevicePrimaryCtxRetain(out nint context, int device);

    [LibraryImport(Library)]
    public static partial int cuDevicePrimaryCtxRelease_v2(int device);

    [LibraryImport(Library)]
    public static partial int cuMemAlloc_v2(out nuint address, nuint size);

    [LibraryImport(Library)]
    public static partial int cuMemFree_v2(nuint address);

    [LibraryImport(Library)]
    public static partial int cuMemAllocManaged(out nuint address, nuint size, uint flags);

    [LibraryImport(Library)]
    public static partial int cuMemAllocHost_v2(out nuint address, nuint size);

    [LibraryImport(Library)]
    public static partial int cuMemFreeHost(nuint address);

    [LibraryImport(Library)]
    public static partial int cuMemAllocAsync(out nuint address, nuint size, nint stream);

    [LibraryImport(Library)]
    public static partial int cuMemFreeAsync(nuint address, nint stream);

    [LibraryImport(Library)]
    public static partial int cuMemcpyAsync(nuint target, nuint source, nuint size, nint stream);

    [LibraryImport(Library)]
    public static partial int cuMemsetD8Async(nuint target, byte value, nuint size, nint stream);

    [LibraryImport(Library)]
    public static partial int cuStreamCreate(out nint stream, uint flags);

    [LibraryImport(Library)]
    public static partial int cuStreamDestroy_v2(nint stream);

    [LibraryImport(Library)]
    public static partial int cuStreamSynchronize(nint stream);

    [LibraryImport(Library)]
    public static partial int cuStreamQuery(nint stream);

    /// <summary>The calls made since <see cref="Forget"/>, by name.</summary>
    public static Dictionary<string, int> CallCounts()
    {
        byte[] buffer = new byte[16384];
        fixed (byte* start = buffer)
        {
            int length = Called(start, buffer.Length);
            return System.Text.Encoding.ASCII.GetString(buffer, 0, length)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .ToDictionary(parts => parts[0], parts => int.Parse(parts[1]));
        }
    }

    /// <summary>The call log.</summary>
    public static string Log() => Marshal.PtrToStringUTF8(LogText()) ?? "";

    /// <summary>The bytes behind a device address, as the device has them now.</summary>
    public static Span<T> Bytes<T>(nuint address, int length)
        where T : unmanaged => new(HostAddress(address), length);
}
