using System.Runtime.InteropServices;
using TensorBridge.DLPack;

namespace TensorBridge.Tests.DLPack;

/// <summary>dlpack_peer.c, compiled and loaded: a producer and consumer written in C.</summary>
public sealed unsafe class NativePeer : IDisposable
{
    private readonly DirectoryInfo? _folder;
    private readonly nint _library;

    public NativePeer()
    {
        if (CCompiler.Find() is not { } compiler)
            return;
        _folder = Directory.CreateTempSubdirectory("tensorbridge-peer-");
        string file = Path.Combine(_folder.FullName, "libdlpack_peer.so");
        CCompiler.Compile(compiler, "dlpack_peer.c", file, "-shared", "-fPIC", "-pthread");
        _library = NativeLibrary.Load(file);
    }

    public double Consume(DLManagedTensorVersioned* tensor) =>
        ((delegate* unmanaged[Cdecl]<DLManagedTensorVersioned*, double>)Export("peer_consume"))(tensor);

    public double ConsumeLegacy(DLManagedTensor* tensor) =>
        ((delegate* unmanaged[Cdecl]<DLManagedTensor*, double>)Export("peer_consume_legacy"))(tensor);

    public DLManagedTensorVersioned* Produce(long rows, long columns, ulong flags, int* deleted) =>
        ((delegate* unmanaged[Cdecl]<long, long, ulong, int*, DLManagedTensorVersioned*>)Export("peer_produce"))(rows, columns, flags, deleted);

    public DLManagedTensor* ProduceLegacy(long rows, long columns, int* deleted) =>
        ((delegate* unmanaged[Cdecl]<long, long, int*, DLManagedTensor*>)Export("peer_produce_legacy"))(rows, columns, deleted);

    // The library stays loaded: a late deleter would have no code to run.
    public void Dispose() => _folder?.Delete(recursive: true);

    private nint Export(string name)
    {
        Assert.SkipWhen(_library == 0, CCompiler.Missing);
        return NativeLibrary.GetExport(_library, name);
    }
}
