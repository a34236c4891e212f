using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorBridge.DLPack;

namespace TensorBridge.Tests.DLPack;

/// <summary>
/// A producer under test control: a struct of either version in native memory, whose deleter only counts. The
/// memory stays until the test ends, so that a second call is counted rather than fatal.
/// </summary>
internal sealed unsafe class ForeignTensor : IDisposable
{
    /// <summary>An address that nothing may read.</summary>
    public static readonly nuint Address = unchecked((nuint)0x7000_0000_1000);

    private readonly byte* _block = (byte*)NativeMemory.AllocZeroed(1024 + (2 * 128 * sizeof(long)));

    /// <summary>A float32 tensor on the host with the given axes.</summary>
    public ForeignTensor(long[] shape, long[]? strides = null)
    {
        Versioned->version = new DLPackVersion { major = 1, minor = 3 };
        Versioned->manager_ctx = _block;
        Versioned->deleter = &DeleteVersioned;
        Tensor.data = (void*)Address;
        Tensor.device = new DLDevice { device_type = DLDeviceType.kDLCPU };
        Tensor.dtype = new DLDataType { code = (byte)DLDataTypeCode.kDLFloat, bits = 32, lanes = 1 };
        SetShape(shape, strides);
    }

    /// <summary>How often a deleter has been called.</summary>
    public int Deleted => Volatile.Read(ref *(int*)_block);

    public DLManagedTensorVersioned* Versioned => (DLManagedTensorVersioned*)(_block + 64);

    /// <summary>The same tensor in the form of before 1.0.</summary>
    public DLManagedTensor* Legacy
    {
        get
        {
            var legacy = (DLManagedTensor*)(_block + 256);
            *legacy = new DLManagedTensor { dl_tensor = Tensor, manager_ctx = _block, deleter = &DeleteLegacy };
            return legacy;
        }
    }

    public ref DLTensor Tensor => ref Versioned->dl_tensor;

    public void SetShape(long[] shape, long[]? strides)
    {
        Tensor.ndim = shape.Length;
        Tensor.shape = (long*)(_block + 1024);
        shape.CopyTo(new Span<long>(Tensor.shape, shape.Length));
        Tensor.strides = null;
        if (strides is null)
            return;
        Tensor.strides = Tensor.shape + 128;
        strides.CopyTo(new Span<long>(Tensor.strides, strides.Length));
    }

    public ForeignTensor WithType(DLDataTypeCode code, int bits, int lanes = 1)
    {
        Tensor.dtype = new DLDataType { code = (byte)code, bits = (byte)bits, lanes = (ushort)lanes };
        return this;
    }

    /// <summary>Imports what has to be refused and checks that it was given back once.</summary>
    public TException Refused<TException>()
        where TException : Exception
    {
        var error = Assert.Throws<TException>(() => DLPackImporter.Import(Versioned));
        Assert.Equal(1, Deleted);
        if (Versioned->version.major == 1)
        {
            Assert.Equal(error.Message, Assert.Throws<TException>(() => DLPackImporter.Import(Legacy, writable: true)).Message);
            Assert.Equal(2, Deleted);
        }

        return error;
    }

    /// <summary>Imports what has to be accepted, gives it back and checks that this happened once.</summary>
    public TensorDescriptor Accepted()
    {
        using (TensorHandle handle = DLPackImporter.Import(Versioned))
        {
            Assert.Equal(0, Deleted);
            TensorDescriptor descriptor = handle.Descriptor;
            handle.Dispose();
            Assert.Equal(1, Deleted);
            return descriptor;
        }
    }

    public void Dispose() => NativeMemory.Free(_block);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DeleteVersioned(DLManagedTensorVersioned* self) => Interlocked.Increment(ref *(int*)self->manager_ctx);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DeleteLegacy(DLManagedTensor* self) => Interlocked.Increment(ref *(int*)self->manager_ctx);
}
