// The table of everything the driver knows an address of, and the questions one may ask about it.
#include <stdlib.h>
#include <string.h>

#include "fakecuda.h"

// Sorted by address; pointers stay valid while the table moves.
static Allocation **table;
static int count, capacity;
static uint64_t next_id = 1;

// The first entry whose address is above the given one.
static int upper_bound(CUdeviceptr address) {
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (table[middle]->address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Allocation *find_allocation(CUdeviceptr address) {
    int index = upper_bound(address) - 1;
    if (index < 0)
        return NULL;
    Allocation *candidate = table[index];
    return address - candidate->address < candidate->size ? candidate : NULL;
}

static bool grow(void) {
    int wanted = capacity == 0 ? 256 : capacity * 2;
    Allocation **larger = realloc(table, (size_t)wanted * sizeof *table);
    if (larger == NULL)
        return false;
    table = larger;
    capacity = wanted;
    return true;
}

Allocation *add_allocation(CUdeviceptr address, size_t size, MemoryKind kind, Context *context) {
    if (count == capacity && !grow())
        return NULL;
    Allocation *allocation = calloc(1, sizeof *allocation);
    if (allocation == NULL)
        return NULL;
    *allocation = (Allocation){.address = address,
                               .size = size,
                               .kind = kind,
                               .context = context,
                               .device = context->device,
                               .id = next_id++};
    int index = upper_bound(address);
    memmove(table + index + 1, table + index, (size_t)(count - index) * sizeof *table);
    table[index] = allocation;
    count++;
    return allocation;
}

void remove_allocation(Allocation *allocation) {
    int index = upper_bound(allocation->address) - 1;
    memmove(table + index, table + index + 1, (size_t)(count - index - 1) * sizeof *table);
    count--;
    free(allocation);
}

Allocation *allocation_at(int index) {
    return table[index];
}

int allocation_count(void) {
    return count;
}

static bool is_host(const Allocation *allocation) {
    return allocation->kind == MEMORY_PINNED || allocation->kind == MEMORY_REGISTERED;
}

enum {
    ATTRIBUTE_CONTEXT = 1,
    ATTRIBUTE_MEMORY_TYPE = 2,
    ATTRIBUTE_DEVICE_POINTER = 3,
    ATTRIBUTE_HOST_POINTER = 4,
    ATTRIBUTE_BUFFER_ID = 7,
    ATTRIBUTE_IS_MANAGED = 8,
    ATTRIBUTE_DEVICE_ORDINAL = 9,
    ATTRIBUTE_IS_IPC_CAPABLE = 10,
    ATTRIBUTE_RANGE_START = 11,
    ATTRIBUTE_RANGE_SIZE = 12,
    ATTRIBUTE_MAPPED = 13,
    ATTRIBUTE_MEMPOOL_HANDLE = 17,
};

static CUresult host_pointer(const Allocation *allocation, CUdeviceptr address, void *data) {
    if (!is_host(allocation) && allocation->kind != MEMORY_MANAGED)
        return CUDA_ERROR_INVALID_VALUE;
    *(CUdeviceptr *)data = address;
    return CUDA_SUCCESS;
}

static CUresult attribute(void *data, int which, CUdeviceptr address) {
    const Allocation *allocation = find_allocation(address);
    if (allocation == NULL)
        return CUDA_ERROR_INVALID_VALUE;
    switch (which) {
    case ATTRIBUTE_CONTEXT:
        // Stream-ordered memory belongs to a pool of the device, not to a context.
        *(CUcontext *)data = allocation->stream_ordered ? 0 : allocation->context->head.handle;
        return CUDA_SUCCESS;
    case ATTRIBUTE_MEMORY_TYPE:
        *(unsigned *)data = is_host(allocation) ? CU_MEMORYTYPE_HOST : CU_MEMORYTYPE_DEVICE;
        return CUDA_SUCCESS;
    case ATTRIBUTE_DEVICE_POINTER:
        *(CUdeviceptr *)data = address;
        return CUDA_SUCCESS;
    case ATTRIBUTE_HOST_POINTER:
        return host_pointer(allocation, address, data);
    case ATTRIBUTE_BUFFER_ID:
        *(uint64_t *)data = allocation->id;
        return CUDA_SUCCESS;
    case ATTRIBUTE_IS_MANAGED:
        *(unsigned *)data = allocation->kind == MEMORY_MANAGED;
        return CUDA_SUCCESS;
    case ATTRIBUTE_DEVICE_ORDINAL:
        *(int *)data = allocation->device;
        return CUDA_SUCCESS;
    case ATTRIBUTE_IS_IPC_CAPABLE:
        *(int *)data = allocation->kind == MEMORY_DEVICE && !allocation->stream_ordered;
        return CUDA_SUCCESS;
    case ATTRIBUTE_RANGE_START:
        *(CUdeviceptr *)data = allocation->address;
        return CUDA_SUCCESS;
    case ATTRIBUTE_RANGE_SIZE:
        *(size_t *)data = allocation->size;
        return CUDA_SUCCESS;
    case ATTRIBUTE_MAPPED:
        *(unsigned *)data = 1;
        return CUDA_SUCCESS;
    case ATTRIBUTE_MEMPOOL_HANDLE:
        *(CUmemoryPool *)data = allocation->stream_ordered ? 1 : 0;
        return CUDA_SUCCESS;
    default:
        return CUDA_ERROR_INVALID_VALUE;
    }
}

EXPORT CUresult cuPointerGetAttribute(void *data, int which, CUdeviceptr address) {
    ENTER();
    return leave(attribute(data, which, address));
}

static void clear_attribute(void *data, int which) {
    bool narrow =
        which == ATTRIBUTE_MEMORY_TYPE || which == ATTRIBUTE_IS_MANAGED || which == ATTRIBUTE_MAPPED;
    if (which == ATTRIBUTE_DEVICE_ORDINAL)
        *(int *)data = -2; // the documented "no such device"
    else if (which == ATTRIBUTE_IS_IPC_CAPABLE || narrow)
        *(unsigned *)data = 0;
    else
        *(uint64_t *)data = 0;
}

// Unlike the single form it never fails for an unknown address: everything comes back empty.
EXPORT CUresult cuPointerGetAttributes(unsigned number, int *which, void **data, CUdeviceptr address) {
    ENTER();
    for (unsigned i = 0; i < number; i++)
        if (attribute(data[i], which[i], address) != CUDA_SUCCESS)
            clear_attribute(data[i], which[i]);
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuMemGetAddressRange_v2(CUdeviceptr *base, size_t *size, CUdeviceptr address) {
    ENTER();
    NEED_CONTEXT();
    Allocation *allocation = find_allocation(address);
    if (allocation == NULL)
        return leave(CUDA_ERROR_NOT_FOUND);
    if (base != NULL)
        *base = allocation->address;
    if (size != NULL)
        *size = allocation->size;
    return leave(CUDA_SUCCESS);
}
