using System.Runtime.InteropServices;
using TensorBridge.Interop;
using TensorBridge.Python.Native;
using TensorBridge.Python.Operations;

namespace TensorBridge.Python.EntryPoints;

/// <summary>The functions behind <c>tb_managed_api</c>. No exception leaves them.</summary>
internal static unsafe class ManagedTable
{
    // A dictionary in text form that a user gave, without the native module's tags.
    private const int UserText = 3;

    /// <summary>Registers the functions with the core library.</summary>
    /// <exception cref="InvalidOperationException">The library is of another build.</exception>
    public static void Register(NativeApi* native)
    {
        var api = new ManagedApi
        {
            Size = sizeof(ManagedApi),
            ImportBuffer = &ImportBuffer,
            ImportArrayStruct = &ImportArrayStruct,
            ImportDLPack = &ImportDLPack,
            ImportInterface = &ImportInterface,
            DTypeInfo = &DescribeDType,
            OperationCount = &CountOperations,
            OperationInfo = &DescribeOperation,
            Call = &Call,
            OrderStream = &OrderStream,
            Shutdown = &Shutdown,
        };
        NativeCore.Adopt(native, &api);
        DeviceHooks.RegisterReader();
    }

    [UnmanagedCallersOnly]
    private static int ImportBuffer(RawBuffer* raw, RawTensor* tensor, RawError* error)
    {
        try
        {
            RawImport.Buffer(in *raw, ref *tensor);
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorMapping.Report(error, exception);
        }
    }

    [UnmanagedCallersOnly]
    private static int ImportArrayStruct(RawArrayStruct* raw, RawTensor* tensor, RawError* error)
    {
        try
        {
            RawImport.ArrayStruct(in *raw, ref *tensor);
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorMapping.Report(error, exception);
        }
    }

    [UnmanagedCallersOnly]
    private static int ImportDLPack(RawDLPack* raw, RawTensor* tensor, RawError* error)
    {
        try
        {
            DLPackImport.Read(in *raw, ref *tensor);
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorMapping.Report(error, exception);
        }
    }

    [UnmanagedCallersOnly]
    private static int ImportInterface(byte* text, long length, int kind, RawTensor* tensor, RawError* error)
    {
        try
        {
            var utf8 = new ReadOnlySpan<byte>(text, checked((int)length));
            if (kind == UserText)
                tensor->DTypeId = DTypeTable.IdOf(Protocols.ArrayInterfaceParser.Parse(utf8, ArrayInterfaceKind.Host, wholeBuffer: false, allowTags: false, ref *tensor));
            else
                RawImport.Interface(utf8, (RawInterfaceKind)kind, ref *tensor);
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorMapping.Report(error, exception);
        }
    }

    [UnmanagedCallersOnly]
    private static int DescribeDType(int dtype, RawDTypeInfo* info, RawError* error)
    {
        try
        {
            *info = DTypeSpelling.Of(DTypeTable.Get(dtype));
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorMapping.Report(error, exception);
        }
    }

    [UnmanagedCallersOnly]
    private static int CountOperations()
    {
        try
        {
            return OperationRegistry.Operations.Length;
        }
        catch (Exception)
        {
            return 0;
        }
    }

    [UnmanagedCallersOnly]
    private static int DescribeOperation(int operation, RawOperationInfo* info)
    {
        try
        {
            *info = OperationRegistry.Operations[operation].Info;
            return 0;
        }
        catch (Exception)
        {
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    private static int Call(int operation, RawValue* arguments, int count, RawValue* result, RawError* error)
    {
        try
        {
            OperationRegistry.Operations[operation].Invoke(new ReadOnlySpan<RawValue>(arguments, count), result);
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorMapping.Report(error, exception);
        }
    }

    [UnmanagedCallersOnly]
    private static int OrderStream(RawTensor* tensor, long consumer, RawError* error)
    {
        try
        {
            DeviceHooks.OrderStream(tensor->ToDescriptor(), consumer);
            return 0;
        }
        catch (Exception exception)
        {
            return ErrorMapping.Report(error, exception);
        }
    }

    [UnmanagedCallersOnly]
    private static void Shutdown()
    {
        try
        {
            DeviceHooks.Shutdown();
        }
        catch (Exception)
        {
            // The interpreter is ending: there is nobody to tell.
        }
    }
}
