// Entering and leaving a call: the lock, the call log.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakecuda.h"

enum { LOG_CAPACITY = 1 << 20 };

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char log_buffer[LOG_CAPACITY];
static size_t log_length;
static bool ready;

void lock(void) {
    pthread_mutex_lock(&mutex);
}

void unlock(void) {
    pthread_mutex_unlock(&mutex);
}

bool initialised(void) {
    return ready;
}

void set_initialised(void) {
    ready = true;
}

// Calls that the documentation allows before cuInit.
static bool works_uninitialised(const char *name) {
    return strcmp(name, "cuInit") == 0 || strcmp(name, "cuDriverGetVersion") == 0 ||
           strcmp(name, "cuGetErrorName") == 0 || strcmp(name, "cuGetErrorString") == 0;
}

static void note_call(const char *name) {
    Context *context = current_context();
    note("call %s context %llx", name, context ? (unsigned long long)context->head.handle : 0ULL);
}

CUresult enter(const char *name) {
    lock();
    note_call(name);
    CUresult injected = count_call(name);
    if (injected != CUDA_SUCCESS) {
        note("fault %s %d", name, injected);
        mark_sticky(current_context(), injected);
        return injected;
    }
    return ready || works_uninitialised(name) ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}

CUresult enter_release(const char *name, CUresult *injected) {
    lock();
    note_call(name);
    *injected = count_call(name);
    if (*injected != CUDA_SUCCESS) {
        note("fault %s %d", name, *injected);
        mark_sticky(current_context(), *injected);
    }
    return ready ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}

CUresult leave(CUresult result) {
    unlock();
    return result;
}

// Keeps the newer half when the log is full: tests look at what happened last.
static void make_room(size_t needed) {
    if (log_length + needed < LOG_CAPACITY)
        return;
    size_t half = log_length / 2;
    memmove(log_buffer, log_buffer + half, log_length - half);
    log_length -= half;
}

void note(const char *format, ...) {
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof line - 2)
        length = (int)sizeof line - 2;
    line[length++] = '\n';
    make_room((size_t)length + 1);
    memcpy(log_buffer + log_length, line, (size_t)length);
    log_length += (size_t)length;
    log_buffer[log_length] = 0;
}

void clear_log(void) {
    log_length = 0;
    log_buffer[0] = 0;
}

const char *log_text(void) {
    return log_buffer;
}
