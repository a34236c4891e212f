// Copies and fills. Everything is a box of rows and slices; a linear copy has one row.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "fakecuda.h"

// The driver checks the ranges of memory it knows and takes any other address for pageable host memory.
CUresult check_box(Box box, size_t width, size_t height, size_t depth, Allocation **allocation) {
    size_t extent = (depth - 1) * box.slice + (height - 1) * box.pitch + width;
    *allocation = find_allocation(box.address);
    if (*allocation != NULL)
        return box.address + extent <= (*allocation)->address + (*allocation)->size
                   ? CUDA_SUCCESS
                   : CUDA_ERROR_INVALID_VALUE;
    return device_of_address(box.address) >= 0 || box.address == 0 ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

// Pageable sources are read at once: the caller may change them as soon as the call is back.
static unsigned char *take(Box box, size_t width, size_t height, size_t depth) {
    unsigned char *bytes = malloc(width * height * depth), *next = bytes;
    if (bytes == NULL)
        return NULL;
    for (size_t z = 0; z < depth; z++)
        for (size_t y = 0; y < height; y++, next += width)
            memcpy(next, (void *)(box.address + z * box.slice + y * box.pitch), width);
    return bytes;
}

static const char *side(const Allocation *allocation) {
    return allocation == NULL ? "pageable" : allocation->kind == MEMORY_DEVICE ? "device" : "pinned";
}

static CUresult copy_box(Box target, Box source, size_t width, size_t height, size_t depth, CUstream handle) {
    if (width == 0 || height == 0 || depth == 0)
        return CUDA_SUCCESS;
    Stream *stream = resolve_stream(handle);
    if (stream == NULL)
        return CUDA_ERROR_INVALID_HANDLE;
    Allocation *to, *from;
    CUresult result = check_box(target, width, height, depth, &to);
    if (result == CUDA_SUCCESS)
        result = check_box(source, width, height, depth, &from);
    if (result != CUDA_SUCCESS)
        return result;
    note("copy %s to %s %zu x %zu x %zu stream %llx", side(from), side(to), width, height, depth,
         (unsigned long long)handle);
    Operation copy = {.kind = OPERATION_COPY,
                      .target = target,
                      .source = source,
                      .width = width,
                      .height = height,
                      .depth = depth};
    if (from == NULL) {
        copy.staged = take(source, width, height, depth);
        if (copy.staged == NULL)
            return CUDA_ERROR_OUT_OF_MEMORY;
    }
    result = enqueue(stream, copy);
    return result == CUDA_SUCCESS && to == NULL ? drain(stream, stream->enqueued) : result;
}

static CUresult copy_line(CUdeviceptr target, CUdeviceptr source, size_t size, CUstream stream) {
    return copy_box((Box){target, size, size}, (Box){source, size, size}, size, 1, 1, stream);
}

EXPORT CUresult cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t size, CUstream stream) {
    ENTER();
    NEED_CONTEXT();
    return leave(copy_line(target, source, size, stream));
}

EXPORT CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t size, CUstream stream) {
    ENTER();
    NEED_CONTEXT();
    return leave(copy_line(target, source, size, stream));
}

EXPORT CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t size, CUstream stream) {
    ENTER();
    NEED_CONTEXT();
    return leave(copy_line(target, (CUdeviceptr)source, size, stream));
}

EXPORT CUresult cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t size, CUstream stream) {
    ENTER();
    NEED_CONTEXT();
    return leave(copy_line((CUdeviceptr)target, source, size, stream));
}

EXPORT CUresult cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t size) {
    ENTER();
    NEED_CONTEXT();
    CUresult result = copy_line(target, source, size, 0);
    Stream *legacy = legacy_stream(current_context());
    return leave(result == CUDA_SUCCESS ? drain(legacy, legacy->enqueued) : result);
}

EXPORT CUresult cuMemcpyPeerAsync(CUdeviceptr target, CUcontext target_context, CUdeviceptr source,
                                  CUcontext source_context, size_t size, CUstream stream) {
    ENTER();
    NEED_CONTEXT();
    if (find_object(target_context, KIND_CONTEXT) == NULL ||
        find_object(source_context, KIND_CONTEXT) == NULL)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    return leave(copy_line(target, source, size, stream));
}

static CUdeviceptr base_address(int type, const void *host, CUdeviceptr device) {
    return type == CU_MEMORYTYPE_HOST ? (CUdeviceptr)host : device;
}

static bool linear_memory(int type) {
    return type == CU_MEMORYTYPE_HOST || type == CU_MEMORYTYPE_DEVICE || type == CU_MEMORYTYPE_UNIFIED;
}

// A side declared as device memory must be known to the driver.
static bool honest(int type, CUdeviceptr address) {
    return type != CU_MEMORYTYPE_DEVICE || find_allocation(address) != NULL;
}

EXPORT CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *copy, CUstream stream) {
    ENTER();
    NEED_CONTEXT();
    if (!linear_memory(copy->srcMemoryType) || !linear_memory(copy->dstMemoryType))
        return leave(CUDA_ERROR_INVALID_VALUE);
    bool fits = copy->Height <= 1 || (copy->srcPitch >= copy->srcXInBytes + copy->WidthInBytes &&
                                      copy->dstPitch >= copy->dstXInBytes + copy->WidthInBytes);
    Box source = {base_address(copy->srcMemoryType, copy->srcHost, copy->srcDevice), copy->srcPitch, 0};
    Box target = {base_address(copy->dstMemoryType, copy->dstHost, copy->dstDevice), copy->dstPitch, 0};
    source.address += copy->srcY * copy->srcPitch + copy->srcXInBytes;
    target.address += copy->dstY * copy->dstPitch + copy->dstXInBytes;
    if (!fits || !honest(copy->srcMemoryType, source.address) || !honest(copy->dstMemoryType, target.address))
        return leave(CUDA_ERROR_INVALID_VALUE);
    return leave(copy_box(target, source, copy->WidthInBytes, copy->Height, 1, stream));
}

static Box box_3d(CUdeviceptr base, size_t x, size_t y, size_t z, size_t pitch, size_t height) {
    return (Box){base + z * pitch * height + y * pitch + x, pitch, pitch * height};
}

EXPORT CUresult cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D *copy, CUstream stream) {
    ENTER();
    NEED_CONTEXT();
    if (!linear_memory(copy->srcMemoryType) || !linear_memory(copy->dstMemoryType))
        return leave(CUDA_ERROR_INVALID_VALUE);
    bool fits = copy->srcPitch >= copy->srcXInBytes + copy->WidthInBytes &&
                copy->dstPitch >= copy->dstXInBytes + copy->WidthInBytes &&
                copy->srcHeight >= copy->srcY + copy->Height && copy->dstHeight >= copy->dstY + copy->Height;
    Box source = box_3d(base_address(copy->srcMemoryType, copy->srcHost, copy->srcDevice), copy->srcXInBytes,
                        copy->srcY, copy->srcZ, copy->srcPitch, copy->srcHeight);
    Box target = box_3d(base_address(copy->dstMemoryType, copy->dstHost, copy->dstDevice), copy->dstXInBytes,
                        copy->dstY, copy->dstZ, copy->dstPitch, copy->dstHeight);
    if (!fits || !honest(copy->srcMemoryType, source.address) || !honest(copy->dstMemoryType, target.address))
        return leave(CUDA_ERROR_INVALID_VALUE);
    return leave(copy_box(target, source, copy->WidthInBytes, copy->Height, copy->Depth, stream));
}

EXPORT CUresult cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t size, CUstream handle) {
    ENTER();
    NEED_CONTEXT();
    if (size == 0)
        return leave(CUDA_SUCCESS);
    Stream *stream = resolve_stream(handle);
    if (stream == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    Allocation *allocation;
    CUresult result = check_box((Box){target, size, size}, size, 1, 1, &allocation);
    if (result != CUDA_SUCCESS || allocation == NULL)
        return leave(CUDA_ERROR_INVALID_VALUE);
    Operation set = {.kind = OPERATION_SET,
                     .target = {target, size, size},
                     .width = size,
                     .height = 1,
                     .depth = 1,
                     .value = value};
    return leave(enqueue(stream, set));
}
