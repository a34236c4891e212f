// The work of a stream, executed when its time has come.
#include <stdlib.h>
#include <string.h>

#include "fakecuda.h"

static LaunchCallback launch_callback;
static uint64_t now = 1;

void set_launch_callback(LaunchCallback callback) {
    launch_callback = callback;
}

uint64_t tick(void) {
    return now += 1000;
}

static CUresult run_copy(Operation *operation) {
    if (device_of_address(operation->target.address) < 0)
        bytes_to_host += operation->width * operation->height * operation->depth;
    const unsigned char *packed = operation->staged;
    for (size_t z = 0; z < operation->depth; z++)
        for (size_t y = 0; y < operation->height; y++) {
            unsigned char *target = host_address(operation->target.address + z * operation->target.slice +
                                                 y * operation->target.pitch);
            const unsigned char *source =
                packed ? packed
                       : host_address(operation->source.address + z * operation->source.slice +
                                      y * operation->source.pitch);
            memmove(target, source, operation->width);
            if (packed != NULL)
                packed += operation->width;
        }
    return CUDA_SUCCESS;
}

// The memory may have gone between the request and the execution.
static bool still_there(Box box) {
    return device_of_address(box.address) < 0 || find_allocation(box.address) != NULL;
}

static CUresult run_wait(Operation *operation) {
    Stream *stream = find_object(operation->stream, KIND_STREAM);
    return stream == NULL ? CUDA_SUCCESS : drain(stream, operation->sequence);
}

static CUresult run_launch(Operation *operation) {
    note("execute %s", operation->launch_name);
    return launch_callback == NULL ? CUDA_SUCCESS : launch_callback(&operation->launch);
}

static CUresult run_free(Operation *operation) {
    Allocation *allocation = find_allocation(operation->target.address);
    if (allocation == NULL)
        return CUDA_ERROR_ILLEGAL_ADDRESS;
    free_allocation(allocation);
    return CUDA_SUCCESS;
}

CUresult run_operation(Stream *stream, Operation *operation) {
    (void)stream;
    Event *event;
    tick();
    switch (operation->kind) {
    case OPERATION_COPY:
        if (!still_there(operation->target) || (operation->staged == NULL && !still_there(operation->source)))
            return CUDA_ERROR_ILLEGAL_ADDRESS;
        return run_copy(operation);
    case OPERATION_SET:
        if (!still_there(operation->target))
            return CUDA_ERROR_ILLEGAL_ADDRESS;
        memset(host_address(operation->target.address), operation->value, operation->width);
        return CUDA_SUCCESS;
    case OPERATION_WAIT:
        return run_wait(operation);
    case OPERATION_RECORD:
        event = find_object(operation->event, KIND_EVENT);
        if (event != NULL)
            event->time = now;
        return CUDA_SUCCESS;
    case OPERATION_LAUNCH:
        return run_launch(operation);
    case OPERATION_FREE:
        return run_free(operation);
    case OPERATION_HOST:
        operation->host_function(operation->host_data);
        return CUDA_SUCCESS;
    }
    return CUDA_ERROR_INVALID_VALUE;
}

void discard_operation(Operation *operation) {
    free(operation->staged);
    free(operation->arguments);
    free(operation->launch_name);
    free(operation);
}

static bool boxes_overlap(const Operation *operation, Box box, CUdeviceptr address, size_t size) {
    size_t rows = operation->height > 0 ? operation->height - 1 : 0;
    size_t slices = operation->depth > 0 ? operation->depth - 1 : 0;
    size_t extent = slices * box.slice + rows * box.pitch + operation->width;
    return box.address < address + size && address < box.address + extent;
}

// Any aligned word of a launch's arguments that looks like an address inside counts as a use.
static bool launch_touches(const FakeLaunch *launch, CUdeviceptr address, size_t size) {
    for (int offset = 0; offset + 8 <= launch->argument_size; offset += 8) {
        CUdeviceptr word;
        memcpy(&word, launch->arguments + offset, sizeof word);
        if (word >= address && word < address + size)
            return true;
    }
    return false;
}

bool operation_touches(const Operation *operation, CUdeviceptr address, size_t size) {
    switch (operation->kind) {
    case OPERATION_COPY:
        return boxes_overlap(operation, operation->target, address, size) ||
               (operation->staged == NULL && boxes_overlap(operation, operation->source, address, size));
    case OPERATION_SET:
        return boxes_overlap(operation, operation->target, address, size);
    case OPERATION_LAUNCH:
        return launch_touches(&operation->launch, address, size);
    default:
        return false;
    }
}
