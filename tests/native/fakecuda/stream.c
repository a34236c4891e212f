// Streams. Work waits in a queue until something waits for it.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

#include "fakecuda.h"

Stream *legacy_stream(Context *context) {
    if (context->legacy == NULL) {
        context->legacy = create_object(sizeof(Stream), KIND_STREAM, context);
        if (context->legacy != NULL)
            context->legacy->implicit = true;
    }
    return context->legacy;
}

static Stream *per_thread_stream(Context *context) {
    uint64_t thread = (uint64_t)pthread_self();
    uint32_t cursor = 0;
    for (Stream *stream; (stream = next_object(&cursor, KIND_STREAM)) != NULL;)
        if (stream->implicit && stream->thread == thread && stream->head.context == context)
            return stream;
    Stream *created = create_object(sizeof(Stream), KIND_STREAM, context);
    if (created != NULL) {
        created->implicit = true;
        created->thread = thread;
    }
    return created;
}

Stream *resolve_stream(CUstream handle) {
    if (handle == 0 || handle == CU_STREAM_LEGACY)
        return legacy_stream(current_context());
    if (handle == CU_STREAM_PER_THREAD)
        return per_thread_stream(current_context());
    return find_object(handle, KIND_STREAM);
}

static void discard_queue(Stream *stream) {
    while (stream->first != NULL) {
        Operation *operation = stream->first;
        stream->first = operation->next;
        stream->completed++;
        discard_operation(operation);
    }
    stream->last = NULL;
}

// Runs a stream's work up to a sequence number. A failed operation spoils the context: what follows it
// in the queue is dropped, as it would be on a device.
CUresult drain(Stream *stream, uint64_t sequence) {
    if (stream->running)
        return CUDA_SUCCESS;
    while (stream->completed < sequence && stream->first != NULL) {
        Operation *operation = stream->first;
        stream->running = true;
        CUresult result = run_operation(stream, operation);
        stream->running = false;
        stream->first = operation->next;
        if (stream->first == NULL)
            stream->last = NULL;
        stream->completed++;
        discard_operation(operation);
        if (result != CUDA_SUCCESS) {
            mark_sticky(stream->head.context, result);
            discard_queue(stream);
            return result;
        }
    }
    return stream->head.context->sticky;
}

CUresult drain_context(Context *context) {
    CUresult result = CUDA_SUCCESS;
    uint32_t cursor = 0;
    for (Stream *stream; (stream = next_object(&cursor, KIND_STREAM)) != NULL;) {
        if (stream->head.context != context)
            continue;
        CUresult failure = drain(stream, stream->enqueued);
        if (failure != CUDA_SUCCESS)
            result = failure;
    }
    return result;
}

CUresult drain_everything(void) {
    CUresult result = CUDA_SUCCESS;
    uint32_t cursor = 0;
    for (Context *context; (context = next_object(&cursor, KIND_CONTEXT)) != NULL;) {
        CUresult failure = drain_context(context);
        if (failure != CUDA_SUCCESS)
            result = failure;
    }
    return result;
}

static CUresult push(Stream *stream, const Operation *content) {
    Operation *operation = malloc(sizeof *operation);
    if (operation == NULL)
        return CUDA_ERROR_OUT_OF_MEMORY;
    *operation = *content;
    operation->next = NULL;
    if (stream->last != NULL)
        stream->last->next = operation;
    else
        stream->first = operation;
    stream->last = operation;
    stream->enqueued++;
    return CUDA_SUCCESS;
}

static bool has_pending(const Stream *stream) {
    return stream->enqueued > stream->completed;
}

static CUresult wait_for(Stream *stream, const Stream *other) {
    Operation wait = {.kind = OPERATION_WAIT, .stream = other->head.handle, .sequence = other->enqueued};
    return push(stream, &wait);
}

// Blocking streams and the legacy stream of a context wait for each other; that is the driver's rule.
static CUresult wait_implicitly(Stream *stream) {
    Stream *legacy = legacy_stream(stream->head.context);
    if (stream != legacy)
        return (stream->flags & CU_STREAM_NON_BLOCKING) == 0 && has_pending(legacy) ? wait_for(stream, legacy)
                                                                                    : CUDA_SUCCESS;
    uint32_t cursor = 0;
    for (Stream *other; (other = next_object(&cursor, KIND_STREAM)) != NULL;) {
        bool ordered = other != legacy && other->head.context == stream->head.context &&
                       (other->flags & CU_STREAM_NON_BLOCKING) == 0 && has_pending(other);
        if (ordered && wait_for(stream, other) != CUDA_SUCCESS)
            return CUDA_ERROR_OUT_OF_MEMORY;
    }
    return CUDA_SUCCESS;
}

CUresult enqueue(Stream *stream, Operation operation) {
    CUresult result = wait_implicitly(stream);
    if (result == CUDA_SUCCESS)
        result = push(stream, &operation);
    if (result != CUDA_SUCCESS)
        return result;
    return eager ? drain(stream, stream->enqueued) : CUDA_SUCCESS;
}

static CUresult create_stream(CUstream *handle, unsigned flags) {
    if (flags > CU_STREAM_NON_BLOCKING)
        return CUDA_ERROR_INVALID_VALUE;
    Stream *stream = create_object(sizeof(Stream), KIND_STREAM, current_context());
    if (stream == NULL)
        return CUDA_ERROR_OUT_OF_MEMORY;
    stream->flags = flags;
    *handle = stream->head.handle;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamCreate(CUstream *handle, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    return leave(create_stream(handle, flags));
}

EXPORT CUresult cuStreamCreateWithPriority(CUstream *handle, unsigned flags, int priority) {
    ENTER();
    NEED_CONTEXT();
    (void)priority;
    return leave(create_stream(handle, flags));
}

EXPORT CUresult cuStreamDestroy_v2(CUstream handle) {
    ENTER_RELEASE();
    Stream *stream = find_object(handle, KIND_STREAM);
    if (stream == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    CUresult result = drain(stream, stream->enqueued);
    destroy_object(&stream->head);
    LEAVE_RELEASE(result);
}

EXPORT CUresult cuStreamSynchronize(CUstream handle) {
    ENTER();
    NEED_CONTEXT();
    Stream *stream = resolve_stream(handle);
    if (stream == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    return leave(drain(stream, stream->enqueued));
}

EXPORT CUresult cuStreamQuery(CUstream handle) {
    ENTER();
    NEED_CONTEXT();
    Stream *stream = resolve_stream(handle);
    if (stream == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    return leave(has_pending(stream) ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS);
}

EXPORT CUresult cuStreamGetCtx(CUstream handle, CUcontext *context) {
    ENTER();
    NEED_CONTEXT();
    Stream *stream = resolve_stream(handle);
    if (stream == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    *context = stream->head.context->head.handle;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuStreamWaitEvent(CUstream handle, CUevent event_handle, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    Stream *stream = resolve_stream(handle);
    Event *event = find_object(event_handle, KIND_EVENT);
    if (stream == NULL || event == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    if (flags > 1)
        return leave(CUDA_ERROR_INVALID_VALUE);
    if (event->stream == 0)
        return leave(CUDA_SUCCESS);
    Operation wait = {.kind = OPERATION_WAIT, .stream = event->stream, .sequence = event->sequence};
    return leave(enqueue(stream, wait));
}

EXPORT CUresult cuLaunchHostFunc(CUstream handle, void (*function)(void *), void *data) {
    ENTER();
    NEED_CONTEXT();
    Stream *stream = resolve_stream(handle);
    if (stream == NULL || function == NULL)
        return leave(stream == NULL ? CUDA_ERROR_INVALID_HANDLE : CUDA_ERROR_INVALID_VALUE);
    Operation call = {.kind = OPERATION_HOST, .host_function = function, .host_data = data};
    return leave(enqueue(stream, call));
}
