// Page-locked host memory: allocated by the driver or registered with it.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "fakecuda.h"

enum { PAGE = 4096, FRESH = 0xCD };

static CUresult allocate_pinned(void **memory, size_t size) {
    void *allocated = NULL;
    if (size == 0)
        return CUDA_ERROR_INVALID_VALUE;
    if (posix_memalign(&allocated, PAGE, size) != 0)
        return CUDA_ERROR_OUT_OF_MEMORY;
    if (add_allocation((CUdeviceptr)allocated, size, MEMORY_PINNED, current_context()) == NULL) {
        free(allocated);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    memset(allocated, FRESH, size);
    *memory = allocated;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuMemAllocHost_v2(void **memory, size_t size) {
    ENTER();
    NEED_CONTEXT();
    return leave(allocate_pinned(memory, size));
}

EXPORT CUresult cuMemHostAlloc(void **memory, size_t size, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    (void)flags;
    return leave(allocate_pinned(memory, size));
}

EXPORT CUresult cuMemFreeHost(void *memory) {
    ENTER_RELEASE();
    Allocation *allocation = find_allocation((CUdeviceptr)memory);
    if (allocation == NULL || allocation->kind != MEMORY_PINNED || allocation->address != (CUdeviceptr)memory)
        return leave(CUDA_ERROR_INVALID_VALUE);
    CUresult result = drain_everything();
    remove_allocation(allocation);
    free(memory);
    LEAVE_RELEASE(result);
}

EXPORT CUresult cuMemHostRegister_v2(void *memory, size_t size, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    (void)flags;
    if (memory == NULL || size == 0)
        return leave(CUDA_ERROR_INVALID_VALUE);
    if (find_allocation((CUdeviceptr)memory) != NULL ||
        find_allocation((CUdeviceptr)memory + size - 1) != NULL)
        return leave(CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED);
    Allocation *allocation = add_allocation((CUdeviceptr)memory, size, MEMORY_REGISTERED, current_context());
    return leave(allocation == NULL ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS);
}

EXPORT CUresult cuMemHostUnregister(void *memory) {
    ENTER_RELEASE();
    Allocation *allocation = find_allocation((CUdeviceptr)memory);
    if (allocation == NULL || allocation->kind != MEMORY_REGISTERED ||
        allocation->address != (CUdeviceptr)memory)
        return leave(CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED);
    CUresult result = drain_everything();
    remove_allocation(allocation);
    LEAVE_RELEASE(result);
}

EXPORT CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr *device, void *memory, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    if (flags != 0)
        return leave(CUDA_ERROR_INVALID_VALUE);
    Allocation *allocation = find_allocation((CUdeviceptr)memory);
    if (allocation == NULL || allocation->kind == MEMORY_DEVICE)
        return leave(CUDA_ERROR_INVALID_VALUE);
    *device = (CUdeviceptr)memory;
    return leave(CUDA_SUCCESS);
}
