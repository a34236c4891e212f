/*
 * Included by a translation unit that has included one of the two headers and defined ABI_VERSION
 * (100 * major + minor of that header): lists everything a header of that version declares. The
 * thresholds say in which release a name came up, or a later one where that is not certain.
 */
#include <stddef.h>

#include "abi_table.h"

/* Tags, not typedef names: before 1.2 the versioned struct has no typedef in C. */
#define SIZE(type) {"sizeof " #type, (int64_t)sizeof(type)}
#define FIELD(type, name)                                       \
    {"offset " #type " " #name, (int64_t)offsetof(type, name)}, \
    {"sizeof " #type " " #name, (int64_t)sizeof(((type *)0)->name)}
#define VALUE(name) {#name, (int64_t)(name)}

static const AbiFact facts[] = {
    SIZE(DLDeviceType),
    SIZE(DLDevice),
    FIELD(DLDevice, device_type),
    FIELD(DLDevice, device_id),
    SIZE(DLDataType),
    FIELD(DLDataType, code),
    FIELD(DLDataType, bits),
    FIELD(DLDataType, lanes),
    SIZE(DLTensor),
    FIELD(DLTensor, data),
    FIELD(DLTensor, device),
    FIELD(DLTensor, ndim),
    FIELD(DLTensor, dtype),
    FIELD(DLTensor, shape),
    FIELD(DLTensor, strides),
    FIELD(DLTensor, byte_offset),
    SIZE(struct DLManagedTensor),
    FIELD(struct DLManagedTensor, dl_tensor),
    FIELD(struct DLManagedTensor, manager_ctx),
    FIELD(struct DLManagedTensor, deleter),
    VALUE(kDLCPU),
    VALUE(kDLCUDA),
    VALUE(kDLCUDAHost),
    VALUE(kDLOpenCL),
    VALUE(kDLVulkan),
    VALUE(kDLMetal),
    VALUE(kDLVPI),
    VALUE(kDLROCM),
    VALUE(kDLROCMHost),
    VALUE(kDLExtDev),
    VALUE(kDLCUDAManaged),
    VALUE(kDLInt),
    VALUE(kDLUInt),
    VALUE(kDLFloat),
    VALUE(kDLOpaqueHandle),
    VALUE(kDLBfloat),
    VALUE(kDLComplex),
#if ABI_VERSION >= 7
    VALUE(kDLOneAPI),
    VALUE(kDLWebGPU),
    VALUE(kDLHexagon),
#endif
#if ABI_VERSION >= 8
    VALUE(kDLBool),
#endif
#if ABI_VERSION >= 100
    VALUE(DLPACK_MAJOR_VERSION),
    VALUE(DLPACK_FLAG_BITMASK_READ_ONLY),
    VALUE(DLPACK_FLAG_BITMASK_IS_COPIED),
    VALUE(kDLMAIA),
    SIZE(DLPackVersion),
    FIELD(DLPackVersion, major),
    FIELD(DLPackVersion, minor),
    SIZE(struct DLManagedTensorVersioned),
    FIELD(struct DLManagedTensorVersioned, version),
    FIELD(struct DLManagedTensorVersioned, manager_ctx),
    FIELD(struct DLManagedTensorVersioned, deleter),
    FIELD(struct DLManagedTensorVersioned, flags),
    FIELD(struct DLManagedTensorVersioned, dl_tensor),
#endif
#if ABI_VERSION >= 101
    VALUE(DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED),
    VALUE(kDLFloat8_e3m4),
    VALUE(kDLFloat8_e4m3),
    VALUE(kDLFloat8_e4m3b11fnuz),
    VALUE(kDLFloat8_e4m3fn),
    VALUE(kDLFloat8_e4m3fnuz),
    VALUE(kDLFloat8_e5m2),
    VALUE(kDLFloat8_e5m2fnuz),
    VALUE(kDLFloat8_e8m0fnu),
    VALUE(kDLFloat6_e2m3fn),
    VALUE(kDLFloat6_e3m2fn),
    VALUE(kDLFloat4_e2m1fn),
#endif
#if ABI_VERSION >= 103
    VALUE(kDLTrn),
    SIZE(struct DLPackExchangeAPIHeader),
    FIELD(struct DLPackExchangeAPIHeader, version),
    FIELD(struct DLPackExchangeAPIHeader, prev_api),
    SIZE(struct DLPackExchangeAPI),
    FIELD(struct DLPackExchangeAPI, header),
    FIELD(struct DLPackExchangeAPI, managed_tensor_allocator),
    FIELD(struct DLPackExchangeAPI, managed_tensor_from_py_object_no_sync),
    FIELD(struct DLPackExchangeAPI, managed_tensor_to_py_object_no_sync),
    FIELD(struct DLPackExchangeAPI, dltensor_from_py_object_no_sync),
    FIELD(struct DLPackExchangeAPI, current_work_stream),
#endif
};

static AbiTable abi_table(void)
{
    AbiTable table = {ABI_VERSION, (int)(sizeof facts / sizeof facts[0]), facts};
    return table;
}
