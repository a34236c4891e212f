/*
 * Prints what the compiler makes of tensorbridge/dlpack.h, one fact per line:
 *
 *   const NAME VALUE         a macro
 *   enum NAME CONSTANT VALUE
 *   base NAME BYTES SIGN     what an object of the enum occupies; SIGN is s or u
 *   struct NAME size BYTES
 *   field STRUCT FIELD OFFSET SIZE
 *
 * GeneratedBindingsTests.cs compares every line with the C# declarations.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include <tensorbridge/dlpack.h>

#define CONST(name) printf("const %s %" PRIu64 "\n", #name, (uint64_t)(name))
#define ENUM(type, name) printf("enum %s %s %" PRId64 "\n", #type, #name, (int64_t)(name))
#define BASE(type) printf("base %s %zu %c\n", #type, sizeof(type), (type)-1 < (type)1 ? 's' : 'u')
#define STRUCT(type) printf("struct %s size %zu\n", #type, sizeof(type))
#define FIELD(type, name) \
    printf("field %s %s %zu %zu\n", #type, #name, offsetof(type, name), sizeof(((type *)0)->name))

static void constants(void)
{
    CONST(DLPACK_MAJOR_VERSION);
    CONST(DLPACK_MINOR_VERSION);
    CONST(DLPACK_FLAG_BITMASK_READ_ONLY);
    CONST(DLPACK_FLAG_BITMASK_IS_COPIED);
    CONST(DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED);
}

static void device_types(void)
{
    BASE(DLDeviceType);
    ENUM(DLDeviceType, kDLCPU);
    ENUM(DLDeviceType, kDLCUDA);
    ENUM(DLDeviceType, kDLCUDAHost);
    ENUM(DLDeviceType, kDLOpenCL);
    ENUM(DLDeviceType, kDLVulkan);
    ENUM(DLDeviceType, kDLMetal);
    ENUM(DLDeviceType, kDLVPI);
    ENUM(DLDeviceType, kDLROCM);
    ENUM(DLDeviceType, kDLROCMHost);
    ENUM(DLDeviceType, kDLExtDev);
    ENUM(DLDeviceType, kDLCUDAManaged);
    ENUM(DLDeviceType, kDLOneAPI);
    ENUM(DLDeviceType, kDLWebGPU);
    ENUM(DLDeviceType, kDLHexagon);
    ENUM(DLDeviceType, kDLMAIA);
    ENUM(DLDeviceType, kDLTrn);
}

/* No base line: no ABI struct holds this enum, and in C its sign is the compiler's choice. */
static void type_codes(void)
{
    ENUM(DLDataTypeCode, kDLInt);
    ENUM(DLDataTypeCode, kDLUInt);
    ENUM(DLDataTypeCode, kDLFloat);
    ENUM(DLDataTypeCode, kDLOpaqueHandle);
    ENUM(DLDataTypeCode, kDLBfloat);
    ENUM(DLDataTypeCode, kDLComplex);
    ENUM(DLDataTypeCode, kDLBool);
    ENUM(DLDataTypeCode, kDLFloat8_e3m4);
    ENUM(DLDataTypeCode, kDLFloat8_e4m3);
    ENUM(DLDataTypeCode, kDLFloat8_e4m3b11fnuz);
    ENUM(DLDataTypeCode, kDLFloat8_e4m3fn);
    ENUM(DLDataTypeCode, kDLFloat8_e4m3fnuz);
    ENUM(DLDataTypeCode, kDLFloat8_e5m2);
    ENUM(DLDataTypeCode, kDLFloat8_e5m2fnuz);
    ENUM(DLDataTypeCode, kDLFloat8_e8m0fnu);
    ENUM(DLDataTypeCode, kDLFloat6_e2m3fn);
    ENUM(DLDataTypeCode, kDLFloat6_e3m2fn);
    ENUM(DLDataTypeCode, kDLFloat4_e2m1fn);
}

static void small_structs(void)
{
    STRUCT(DLPackVersion);
    FIELD(DLPackVersion, major);
    FIELD(DLPackVersion, minor);
    STRUCT(DLDevice);
    FIELD(DLDevice, device_type);
    FIELD(DLDevice, device_id);
    STRUCT(DLDataType);
    FIELD(DLDataType, code);
    FIELD(DLDataType, bits);
    FIELD(DLDataType, lanes);
}

static void tensors(void)
{
    STRUCT(DLTensor);
    FIELD(DLTensor, data);
    FIELD(DLTensor, device);
    FIELD(DLTensor, ndim);
    FIELD(DLTensor, dtype);
    FIELD(DLTensor, shape);
    FIELD(DLTensor, strides);
    FIELD(DLTensor, byte_offset);
    STRUCT(DLManagedTensor);
    FIELD(DLManagedTensor, dl_tensor);
    FIELD(DLManagedTensor, manager_ctx);
    FIELD(DLManagedTensor, deleter);
    STRUCT(DLManagedTensorVersioned);
    FIELD(DLManagedTensorVersioned, version);
    FIELD(DLManagedTensorVersioned, manager_ctx);
    FIELD(DLManagedTensorVersioned, deleter);
    FIELD(DLManagedTensorVersioned, flags);
    FIELD(DLManagedTensorVersioned, dl_tensor);
}

static void exchange_tables(void)
{
    STRUCT(DLPackExchangeAPIHeader);
    FIELD(DLPackExchangeAPIHeader, version);
    FIELD(DLPackExchangeAPIHeader, prev_api);
    STRUCT(DLPackExchangeAPI);
    FIELD(DLPackExchangeAPI, header);
    FIELD(DLPackExchangeAPI, managed_tensor_allocator);
    FIELD(DLPackExchangeAPI, managed_tensor_from_py_object_no_sync);
    FIELD(DLPackExchangeAPI, managed_tensor_to_py_object_no_sync);
    FIELD(DLPackExchangeAPI, dltensor_from_py_object_no_sync);
    FIELD(DLPackExchangeAPI, current_work_stream);
}

int main(void)
{
    constants();
    device_types();
    type_codes();
    small_structs();
    tensors();
    exchange_tables();
    return 0;
}
