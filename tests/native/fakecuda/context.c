// Contexts: the per-thread stack, the primary contexts with their reference counts.
#include <string.h>

#include "fakecuda.h"

enum { STACK_DEPTH = 64 };

static CUcontext primary[MAX_DEVICES];
static __thread CUcontext stack[STACK_DEPTH];
static __thread int depth;

// The current context is the top of the thread's stack; 0 stands for none.
static CUcontext top(void) {
    return depth > 0 ? stack[depth - 1] : 0;
}

static void replace_top(CUcontext context) {
    if (depth == 0)
        depth = 1;
    stack[depth - 1] = context;
}

Context *current_context(void) {
    return find_object(top(), KIND_CONTEXT);
}

CUresult current_usable(void) {
    if (top() == 0)
        return CUDA_ERROR_INVALID_CONTEXT;
    Context *context = current_context();
    return context == NULL ? CUDA_ERROR_CONTEXT_IS_DESTROYED : context->sticky;
}

// Faults of a kernel spoil the context for good; 701 and 712 and the like concern one call only.
void mark_sticky(Context *context, CUresult error) {
    bool sticky = error == CUDA_ERROR_ILLEGAL_ADDRESS || (error >= 714 && error <= 719);
    if (sticky && context != NULL)
        context->sticky = error;
}

void reset_sticky(void) {
    uint32_t cursor = 0;
    for (Context *context; (context = next_object(&cursor, KIND_CONTEXT)) != NULL;)
        context->sticky = CUDA_SUCCESS;
}

bool peer_enabled(const Context *from, CUdevice device) {
    for (int i = 0; i < from->peer_count; i++)
        if (from->peers[i]->device == device)
            return true;
    return false;
}

static void destroy_members(Context *context, ObjectKind kind) {
    uint32_t cursor = 0;
    for (Object *object; (object = next_object(&cursor, kind)) != NULL;) {
        if (object->context != context)
            continue;
        if (kind == KIND_STREAM && !((Stream *)object)->implicit)
            note("context destroyed with a live stream");
        destroy_object(object);
    }
}

static void forget_peer(Context *gone) {
    uint32_t cursor = 0;
    for (Context *context; (context = next_object(&cursor, KIND_CONTEXT)) != NULL;)
        for (int i = 0; i < context->peer_count; i++)
            if (context->peers[i] == gone)
                context->peers[i--] = context->peers[--context->peer_count];
}

void destroy_context(Context *context) {
    drain_context(context);
    free_context_memory(context);
    destroy_members(context, KIND_EVENT);
    destroy_members(context, KIND_FUNCTION);
    destroy_members(context, KIND_MODULE);
    destroy_members(context, KIND_STREAM);
    forget_peer(context);
    note("context destroyed %llx", (unsigned long long)context->head.handle);
    destroy_object(&context->head);
}

static Context *create_context(CUdevice device, bool is_primary) {
    Context *context = create_object(sizeof(Context), KIND_CONTEXT, NULL);
    if (context == NULL)
        return NULL;
    context->device = device;
    context->primary = is_primary;
    note("context created %llx device %d%s", (unsigned long long)context->head.handle, device,
         is_primary ? " primary" : "");
    return context;
}

EXPORT CUresult cuCtxCreate_v2(CUcontext *result, unsigned flags, CUdevice device) {
    ENTER();
    (void)flags;
    if (!valid_device(device))
        return leave(CUDA_ERROR_INVALID_DEVICE);
    Context *context = depth < STACK_DEPTH ? create_context(device, false) : NULL;
    if (context == NULL)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    stack[depth++] = context->head.handle;
    *result = context->head.handle;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxDestroy_v2(CUcontext handle) {
    ENTER_RELEASE();
    Context *context = find_object(handle, KIND_CONTEXT);
    if (context == NULL || context->primary)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    if (top() == handle)
        depth--;
    destroy_context(context);
    LEAVE_RELEASE(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxSetCurrent(CUcontext handle) {
    ENTER();
    if (handle != 0 && find_object(handle, KIND_CONTEXT) == NULL)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    replace_top(handle);
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxGetCurrent(CUcontext *handle) {
    ENTER();
    *handle = top();
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxPushCurrent_v2(CUcontext handle) {
    ENTER();
    if (find_object(handle, KIND_CONTEXT) == NULL)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    if (depth == STACK_DEPTH)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    stack[depth++] = handle;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxPopCurrent_v2(CUcontext *handle) {
    ENTER_RELEASE();
    if (depth == 0)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    CUcontext popped = stack[--depth];
    if (handle != NULL)
        *handle = popped;
    LEAVE_RELEASE(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxGetDevice(CUdevice *device) {
    ENTER();
    NEED_CONTEXT();
    *device = current_context()->device;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxSynchronize(void) {
    ENTER();
    NEED_CONTEXT();
    return leave(drain_context(current_context()));
}

EXPORT CUresult cuDevicePrimaryCtxRetain(CUcontext *handle, CUdevice device) {
    ENTER();
    if (!valid_device(device))
        return leave(CUDA_ERROR_INVALID_DEVICE);
    Context *context = find_object(primary[device], KIND_CONTEXT);
    if (context == NULL)
        context = create_context(device, true);
    if (context == NULL)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    primary[device] = context->head.handle;
    context->references++;
    *handle = context->head.handle;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    ENTER_RELEASE();
    Context *context = valid_device(device) ? find_object(primary[device], KIND_CONTEXT) : NULL;
    if (context == NULL)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    if (--context->references == 0)
        destroy_context(context);
    LEAVE_RELEASE(CUDA_SUCCESS);
}

EXPORT CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned *flags, int *active) {
    ENTER();
    if (!valid_device(device))
        return leave(CUDA_ERROR_INVALID_DEVICE);
    *flags = 0;
    *active = find_object(primary[device], KIND_CONTEXT) != NULL;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxGetCacheConfig(int *config) {
    ENTER();
    NEED_CONTEXT();
    *config = 0;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxSetCacheConfig(int config) {
    ENTER();
    NEED_CONTEXT();
    return leave(config < 0 || config > 3 ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS);
}

EXPORT CUresult cuCtxGetSharedMemConfig(int *config) {
    ENTER();
    NEED_CONTEXT();
    *config = 1;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxSetSharedMemConfig(int config) {
    ENTER();
    NEED_CONTEXT();
    return leave(config < 0 || config > 2 ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS);
}

EXPORT CUresult cuCtxEnablePeerAccess(CUcontext peer, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    Context *context = current_context(), *target = find_object(peer, KIND_CONTEXT);
    if (target == NULL || target == context)
        return leave(CUDA_ERROR_INVALID_CONTEXT);
    if (flags != 0)
        return leave(CUDA_ERROR_INVALID_VALUE);
    if (peer_enabled(context, target->device))
        return leave(CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED);
    if (context->peer_count == MAX_PEERS)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    context->peers[context->peer_count++] = target;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuCtxDisablePeerAccess(CUcontext peer) {
    ENTER_RELEASE();
    NEED_CONTEXT();
    Context *context = current_context();
    for (int i = 0; i < context->peer_count; i++)
        if (context->peers[i]->head.handle == peer) {
            context->peers[i] = context->peers[--context->peer_count];
            LEAVE_RELEASE(CUDA_SUCCESS);
        }
    return leave(CUDA_ERROR_PEER_ACCESS_NOT_ENABLED);
}

// For tests: the number of references to the primary context of a device.
EXPORT int fakecuda_primary_references(CUdevice device) {
    lock();
    Context *context = valid_device(device) ? find_object(primary[device], KIND_CONTEXT) : NULL;
    int references = context ? context->references : 0;
    unlock();
    return references;
}
