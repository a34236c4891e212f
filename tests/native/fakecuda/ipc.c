// Memory handles between processes: the shadow of a device is a file, so another process can map it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fakecuda.h"

enum { IPC_MAGIC = 0x43504946 };

typedef struct {
    uint32_t magic;
    int32_t process;
    int32_t file;
    int32_t device;
    uint64_t offset;
    uint64_t size;
    uint64_t reserved;
} IpcHandle;

_Static_assert(sizeof(IpcHandle) <= sizeof(CUipcMemHandle), "the handle must fit the driver's");

EXPORT CUresult cuIpcGetMemHandle(CUipcMemHandle *handle, CUdeviceptr address) {
    ENTER();
    NEED_CONTEXT();
    Allocation *allocation = find_allocation(address);
    if (allocation == NULL || allocation->kind != MEMORY_DEVICE || allocation->stream_ordered)
        return leave(CUDA_ERROR_INVALID_VALUE);
    IpcHandle content = {.magic = IPC_MAGIC,
                         .process = getpid(),
                         .file = arena_file(allocation->device),
                         .device = allocation->device,
                         .offset = arena_offset(allocation->address),
                         .size = allocation->size,
                         .reserved = allocation->reserved};
    memset(handle, 0, sizeof *handle);
    memcpy(handle, &content, sizeof content);
    return leave(CUDA_SUCCESS);
}

// Lays the other process's pages over the shadow of freshly reserved addresses.
static CUresult map_foreign(const IpcHandle *content, CUdeviceptr address, size_t reserved) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", content->process, content->file);
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return CUDA_ERROR_MAP_FAILED;
    void *mapped = mmap(shadow_of(address), reserved, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file,
                        (off_t)content->offset);
    close(file);
    return mapped == MAP_FAILED ? CUDA_ERROR_MAP_FAILED : CUDA_SUCCESS;
}

EXPORT CUresult cuIpcOpenMemHandle_v2(CUdeviceptr *address, CUipcMemHandle handle, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    IpcHandle content;
    memcpy(&content, &handle, sizeof content);
    if (content.magic != IPC_MAGIC || flags != 1)
        return leave(CUDA_ERROR_INVALID_VALUE);
    Context *context = current_context();
    if (content.process == getpid() || content.device != context->device)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    CUdeviceptr reserved = reserve_addresses(context->device, content.reserved);
    if (reserved == 0)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    CUresult result = map_foreign(&content, reserved, content.reserved);
    if (result != CUDA_SUCCESS)
        return leave(result);
    Allocation *allocation = add_allocation(reserved, content.size, MEMORY_IMPORTED, context);
    if (allocation == NULL)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    allocation->reserved = content.reserved;
    *address = reserved;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuIpcCloseMemHandle(CUdeviceptr address) {
    ENTER_RELEASE();
    NEED_CONTEXT();
    Allocation *allocation = find_allocation(address);
    if (allocation == NULL || allocation->kind != MEMORY_IMPORTED || allocation->address != address)
        return leave(CUDA_ERROR_INVALID_VALUE);
    CUresult result = drain_everything();
    mmap(shadow_of(address), allocation->reserved, PROT_READ | PROT_WRITE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    remove_allocation(allocation);
    LEAVE_RELEASE(result);
}
