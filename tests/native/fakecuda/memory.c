// Device memory. Each device owns a range of addresses without any access right; the bytes lie in a
// shadow range of the same size, backed by a file without a name so that other processes can map it.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fakecuda.h"

#define ARENA_SIZE ((size_t)1 << 36)
#define ARENA_BASE 0x7e0000000000ULL

enum { PAGE = 4096, QUARANTINE_LENGTH = 1024, FRESH = 0xCD, FREED = 0xDD };

typedef struct {
    CUdeviceptr base;
    unsigned char *shadow;
    size_t next;
    size_t used;
    int file;
} Arena;

typedef struct {
    CUdeviceptr address;
    size_t reserved;
} FreedRange;

static Arena arenas[MAX_DEVICES];
static FreedRange freed[QUARANTINE_LENGTH];
static int freed_next;

static void reserve_arena(Arena *arena, int index) {
    void *wanted = (void *)(ARENA_BASE + (uint64_t)index * ARENA_SIZE * 2);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *base = mmap(wanted, ARENA_SIZE, PROT_NONE, flags, -1, 0);
    arena->file = memfd_create("fakecuda", MFD_CLOEXEC);
    if (base == MAP_FAILED || arena->file < 0 || ftruncate(arena->file, (off_t)ARENA_SIZE) != 0)
        abort();
    void *shadow = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, arena->file, 0);
    if (shadow == MAP_FAILED)
        abort();
    arena->base = (CUdeviceptr)base;
    arena->shadow = shadow;
}

void reserve_arenas(void) {
    for (int i = 0; i < MAX_DEVICES; i++)
        reserve_arena(&arenas[i], i);
}

CUdevice device_of_address(CUdeviceptr address) {
    for (int i = 0; i < MAX_DEVICES; i++)
        if (arenas[i].shadow != NULL && address >= arenas[i].base && address < arenas[i].base + ARENA_SIZE)
            return i;
    return -1;
}

size_t arena_offset(CUdeviceptr address) {
    return address - arenas[device_of_address(address)].base;
}

unsigned char *shadow_of(CUdeviceptr address) {
    return arenas[device_of_address(address)].shadow + arena_offset(address);
}

// Where the host finds the bytes of an address: device addresses are translated, others are themselves.
unsigned char *host_address(CUdeviceptr address) {
    return device_of_address(address) < 0 ? (unsigned char *)address : shadow_of(address);
}

int arena_file(CUdevice device) {
    return arenas[device].file;
}

// Addresses are never used twice, and a page without an owner follows each allocation.
CUdeviceptr reserve_addresses(CUdevice device, size_t reserved) {
    Arena *arena = &arenas[device];
    if (reserved > ARENA_SIZE - arena->next)
        return 0;
    CUdeviceptr address = arena->base + arena->next;
    arena->next += reserved;
    return address;
}

CUresult allocate_device(Context *context, size_t size, Allocation **result) {
    Arena *arena = &arenas[context->device];
    if (size == 0)
        return CUDA_ERROR_INVALID_VALUE;
    if (size > device_memory - arena->used)
        return CUDA_ERROR_OUT_OF_MEMORY;
    size_t reserved = (size + PAGE - 1) / PAGE * PAGE + PAGE;
    CUdeviceptr address = reserve_addresses(context->device, reserved);
    if (address == 0)
        return CUDA_ERROR_OUT_OF_MEMORY;
    Allocation *allocation = add_allocation(address, size, MEMORY_DEVICE, context);
    if (allocation == NULL)
        return CUDA_ERROR_OUT_OF_MEMORY;
    allocation->reserved = reserved;
    arena->used += size;
    memset(host_address(address), FRESH, size);
    note("allocate %llx %zu", (unsigned long long)address, size);
    *result = allocation;
    return CUDA_SUCCESS;
}

// Freed bytes keep their mark for a while; then their pages go back to the system.
void quarantine(CUdeviceptr address, size_t reserved) {
    FreedRange *slot = &freed[freed_next++ % QUARANTINE_LENGTH];
    if (slot->address != 0)
        madvise(host_address(slot->address), slot->reserved, MADV_REMOVE);
    *slot = (FreedRange){address, reserved};
}

static bool touched_by_pending_work(const Allocation *allocation) {
    uint32_t cursor = 0;
    for (Stream *stream; (stream = next_object(&cursor, KIND_STREAM)) != NULL;)
        for (Operation *operation = stream->first; operation != NULL; operation = operation->next)
            if (operation_touches(operation, allocation->address, allocation->size))
                return true;
    return false;
}

void free_allocation(Allocation *allocation) {
    if (touched_by_pending_work(allocation)) {
        pending_frees++;
        note("free %llx while work is pending", (unsigned long long)allocation->address);
    }
    note("free %llx", (unsigned long long)allocation->address);
    memset(host_address(allocation->address), FREED, allocation->size);
    arenas[allocation->device].used -= allocation->size;
    quarantine(allocation->address, allocation->reserved);
    remove_allocation(allocation);
}

void free_context_memory(Context *context) {
    for (int i = allocation_count() - 1; i >= 0; i--) {
        Allocation *allocation = allocation_at(i);
        if (allocation->context != context)
            continue;
        note("context destroyed with live memory %llx", (unsigned long long)allocation->address);
        if (allocation->kind == MEMORY_DEVICE)
            free_allocation(allocation);
        else
            remove_allocation(allocation);
    }
}

EXPORT CUresult cuMemGetInfo_v2(size_t *free_bytes, size_t *total) {
    ENTER();
    NEED_CONTEXT();
    *free_bytes = device_memory - arenas[current_context()->device].used;
    *total = device_memory;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t size) {
    ENTER();
    NEED_CONTEXT();
    Allocation *allocation;
    CUresult result = allocate_device(current_context(), size, &allocation);
    if (result == CUDA_SUCCESS)
        *address = allocation->address;
    return leave(result);
}

EXPORT CUresult cuMemFree_v2(CUdeviceptr address) {
    ENTER_RELEASE();
    NEED_CONTEXT();
    if (address == 0)
        LEAVE_RELEASE(CUDA_SUCCESS);
    Allocation *allocation = find_allocation(address);
    bool device =
        allocation != NULL && (allocation->kind == MEMORY_DEVICE || allocation->kind == MEMORY_MANAGED);
    if (!device || allocation->address != address)
        return leave(CUDA_ERROR_INVALID_VALUE);
    if (touched_by_pending_work(allocation)) {
        pending_frees++;
        note("free %llx while work is pending", (unsigned long long)address);
    }
    CUresult result = drain_everything(); // the driver waits for the device too
    allocation = find_allocation(address);
    if (allocation == NULL) // a stream-ordered free was on its way
        return leave(CUDA_ERROR_INVALID_VALUE);
    if (allocation->kind == MEMORY_MANAGED) {
        munmap((void *)allocation->address, allocation->reserved);
        remove_allocation(allocation);
    } else {
        free_allocation(allocation);
    }
    LEAVE_RELEASE(result);
}

EXPORT CUresult cuMemAllocManaged(CUdeviceptr *address, size_t size, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    if (size == 0 || (flags != 1 && flags != 2))
        return leave(CUDA_ERROR_INVALID_VALUE);
    size_t reserved = (size + PAGE - 1) / PAGE * PAGE;
    void *memory = mmap(NULL, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    Allocation *allocation = add_allocation((CUdeviceptr)memory, size, MEMORY_MANAGED, current_context());
    if (allocation == NULL) {
        munmap(memory, reserved);
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    }
    allocation->reserved = reserved;
    memset(memory, FRESH, size);
    *address = allocation->address;
    return leave(CUDA_SUCCESS);
}
