// Events: a place in a stream's queue.
#include "fakecuda.h"

enum { EVENT_DISABLE_TIMING = 2, EVENT_INTERPROCESS = 4 };

static bool complete(const Event *event) {
    Stream *stream = find_object(event->stream, KIND_STREAM);
    return stream == NULL || stream->completed >= event->sequence;
}

EXPORT CUresult cuEventCreate(CUevent *handle, unsigned flags) {
    ENTER();
    NEED_CONTEXT();
    bool interprocess = (flags & EVENT_INTERPROCESS) != 0;
    if (flags > 7 || (interprocess && (flags & EVENT_DISABLE_TIMING) == 0))
        return leave(CUDA_ERROR_INVALID_VALUE);
    Event *event = create_object(sizeof(Event), KIND_EVENT, current_context());
    if (event == NULL)
        return leave(CUDA_ERROR_OUT_OF_MEMORY);
    event->flags = flags;
    *handle = event->head.handle;
    return leave(CUDA_SUCCESS);
}

EXPORT CUresult cuEventDestroy_v2(CUevent handle) {
    ENTER_RELEASE();
    Event *event = find_object(handle, KIND_EVENT);
    if (event == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    destroy_object(&event->head);
    LEAVE_RELEASE(CUDA_SUCCESS);
}

EXPORT CUresult cuEventRecord(CUevent handle, CUstream stream_handle) {
    ENTER();
    NEED_CONTEXT();
    Stream *stream = resolve_stream(stream_handle);
    Event *event = find_object(handle, KIND_EVENT);
    if (stream == NULL || event == NULL || stream->head.context != event->head.context)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    Operation record = {.kind = OPERATION_RECORD, .event = handle};
    CUresult result = enqueue(stream, record);
    event->stream = stream->head.handle;
    event->sequence = stream->enqueued;
    return leave(result);
}

EXPORT CUresult cuEventQuery(CUevent handle) {
    ENTER();
    Event *event = find_object(handle, KIND_EVENT);
    if (event == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    return leave(complete(event) ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY);
}

EXPORT CUresult cuEventSynchronize(CUevent handle) {
    ENTER();
    Event *event = find_object(handle, KIND_EVENT);
    if (event == NULL)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    Stream *stream = find_object(event->stream, KIND_STREAM);
    return leave(stream == NULL ? CUDA_SUCCESS : drain(stream, event->sequence));
}

EXPORT CUresult cuEventElapsedTime(float *milliseconds, CUevent start_handle, CUevent end_handle) {
    ENTER();
    Event *start = find_object(start_handle, KIND_EVENT);
    Event *end = find_object(end_handle, KIND_EVENT);
    if (start == NULL || end == NULL || start->stream == 0 || end->stream == 0)
        return leave(CUDA_ERROR_INVALID_HANDLE);
    if (!complete(start) || !complete(end))
        return leave(CUDA_ERROR_NOT_READY);
    *milliseconds = (float)(int64_t)(end->time - start->time) / 1000.0f;
    return leave(CUDA_SUCCESS);
}
