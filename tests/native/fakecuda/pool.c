// Stream-ordered allocation.
#include "fakecuda.h"

EXPORT CUresult cuMemAllocAsync(CUdeviceptr *address, size_t size, CUstream handle) {
    ENTER();
    NEED_CONTEXT();
    Stream *stream = resolve_stream(handle);
    if (stream == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    Allocation *allocation;
    CUresult result = allocate_device(stream->head.context, size, &allocation);
    if (result == CUDA_SUCCESS) {
        allocation->stream_ordered = true;
        *address = allocation->address;
    }
    return leave(result);
}

EXPORT CUresult cuMemFreeAsync(CUdeviceptr address, CUstream handle) {
    ENTER_RELEASE();
    NEED_CONTEXT();
    Stream *stream = resolve_stream(handle);
    Allocation *allocation = find_allocation(address);
    if (stream == NULL || allocation == NULL || allocation->address != address)
        return leave(stream == NULL ? CUDA_ERROR_INVALID_HANDLE : CUDA_ERROR_INVALID_VALUE);
    Operation release = {.kind = OPERATION_FREE, .target = {address, 0, 0}};
    LEAVE_RELEASE(enqueue(stream, release));
}
