// What the tests use to steer and inspect the stand-in.
#include <stdio.h>
#include <string.h>

#include "fakecuda.h"

bool eager;
int pending_frees;
size_t bytes_to_host;

EXPORT void fakecuda_configure(int devices, int compute, int version, long long memory) {
    lock();
    device_count = devices < MAX_DEVICES ? devices : MAX_DEVICES;
    compute_capability = compute;
    driver_version = version;
    device_memory = (size_t)memory;
    unlock();
}

// With 1, work runs as soon as it is enqueued: the opposite of the default.
EXPORT void fakecuda_set_eager(int value) {
    lock();
    eager = value != 0;
    unlock();
}

EXPORT void fakecuda_on_launch(LaunchCallback callback) {
    lock();
    set_launch_callback(callback);
    unlock();
}

EXPORT void fakecuda_dump_ptx(const char *directory) {
    lock();
    snprintf(ptx_directory, sizeof ptx_directory, "%s", directory ? directory : "");
    unlock();
}

// Time passes: everything that is queued gets done.
EXPORT int fakecuda_advance(void) {
    lock();
    return leave(drain_everything());
}

EXPORT void fakecuda_reset_sticky(void) {
    lock();
    reset_sticky();
    unlock();
}

EXPORT const char *fakecuda_log(void) {
    return log_text();
}

EXPORT void fakecuda_forget(void) {
    lock();
    clear_log();
    forget_calls();
    bytes_to_host = 0;
    unlock();
}

// What copies have brought to host memory since the last fakecuda_forget.
EXPORT long long fakecuda_bytes_to_host(void) {
    lock();
    long long count = (long long)bytes_to_host;
    unlock();
    return count;
}

EXPORT int fakecuda_pending_frees(void) {
    lock();
    int count = pending_frees;
    pending_frees = 0;
    unlock();
    return count;
}

EXPORT int fakecuda_pending(CUstream handle) {
    lock();
    Stream *stream = find_object(handle, KIND_STREAM);
    int pending = stream ? (int)(stream->enqueued - stream->completed) : 0;
    unlock();
    return pending;
}

// Counts what is alive. Kinds 1-5 are objects (context, stream, event, module, function), 16 and up memory
// (device, pinned, registered, managed, imported).
EXPORT int fakecuda_live(int kind) {
    lock();
    int count = 0;
    if (kind < 16)
        count = count_objects((ObjectKind)kind);
    else
        for (int i = 0; i < allocation_count(); i++)
            count += allocation_at(i)->kind == (MemoryKind)(kind - 16);
    unlock();
    return count;
}

EXPORT void *fakecuda_host_address(CUdeviceptr address) {
    lock();
    void *host = host_address(address);
    unlock();
    return host;
}

// Answers whether code running in a context may touch an address, and the range around it.
EXPORT int fakecuda_accessible(CUcontext handle, CUdeviceptr address, CUdeviceptr *base, size_t *size,
                               void **host) {
    lock();
    Context *context = find_object(handle, KIND_CONTEXT);
    Allocation *allocation = find_allocation(address);
    bool local = allocation != NULL && context != NULL &&
                 ((allocation->kind != MEMORY_DEVICE && allocation->kind != MEMORY_IMPORTED) ||
                  allocation->device == context->device || peer_enabled(context, allocation->device));
    if (local) {
        *base = allocation->address;
        *size = allocation->size;
        *host = host_address(allocation->address);
    }
    unlock();
    return local;
}
