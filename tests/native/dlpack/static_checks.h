/* The numbers of the DLPack specification, checked when a C or C++ compiler reads our header. */
#include <assert.h>
#include <stddef.h>

#include <tensorbridge/dlpack.h>

static_assert(sizeof(DLDeviceType) == 4, "the device type is 32 bits wide");
static_assert((DLDeviceType)-1 < (DLDeviceType)1, "and signed");
static_assert(sizeof(DLDevice) == 8, "DLDevice");
static_assert(sizeof(DLDataType) == 4, "DLDataType");
static_assert(sizeof(DLPackVersion) == 8, "DLPackVersion");
static_assert(sizeof(DLTensor) == 48, "DLTensor");
static_assert(offsetof(DLTensor, device) == 8, "DLTensor.device");
static_assert(offsetof(DLTensor, ndim) == 16, "DLTensor.ndim");
static_assert(offsetof(DLTensor, dtype) == 20, "DLTensor.dtype");
static_assert(offsetof(DLTensor, shape) == 24, "DLTensor.shape");
static_assert(offsetof(DLTensor, strides) == 32, "DLTensor.strides");
static_assert(offsetof(DLTensor, byte_offset) == 40, "DLTensor.byte_offset");
static_assert(sizeof(DLManagedTensor) == 64, "DLManagedTensor");
static_assert(offsetof(DLManagedTensor, manager_ctx) == 48, "DLManagedTensor.manager_ctx");
static_assert(offsetof(DLManagedTensor, deleter) == 56, "DLManagedTensor.deleter");
static_assert(sizeof(DLManagedTensorVersioned) == 80, "DLManagedTensorVersioned");
static_assert(offsetof(DLManagedTensorVersioned, manager_ctx) == 8, "DLManagedTensorVersioned.manager_ctx");
static_assert(offsetof(DLManagedTensorVersioned, deleter) == 16, "DLManagedTensorVersioned.deleter");
static_assert(offsetof(DLManagedTensorVersioned, flags) == 24, "DLManagedTensorVersioned.flags");
static_assert(offsetof(DLManagedTensorVersioned, dl_tensor) == 32, "DLManagedTensorVersioned.dl_tensor");
static_assert(offsetof(DLPackExchangeAPIHeader, prev_api) == 8, "DLPackExchangeAPIHeader.prev_api");
static_assert(sizeof(DLPackExchangeAPI) == 56, "DLPackExchangeAPI");
static_assert(offsetof(DLPackExchangeAPI, managed_tensor_allocator) == 16, "managed_tensor_allocator");
static_assert(offsetof(DLPackExchangeAPI, current_work_stream) == 48, "current_work_stream");
static_assert(DLPACK_FLAG_BITMASK_READ_ONLY == 1, "bit 0");
static_assert(DLPACK_FLAG_BITMASK_IS_COPIED == 2, "bit 1");
static_assert(DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED == 4, "bit 2");
