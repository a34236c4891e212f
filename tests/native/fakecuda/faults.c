// Counting calls, and making the n-th call of a named entry point fail.
#include <stdio.h>
#include <string.h>

#include "fakecuda.h"

enum { MAX_ENTRY_POINTS = 160, MAX_NAME = 64 };

typedef struct {
    char name[MAX_NAME];
    int calls;
    int countdown;
    CUresult error;
} EntryPoint;

static EntryPoint entry_points[MAX_ENTRY_POINTS];
static int entry_point_count;
static int total_calls;
static int total_countdown;
static CUresult total_error;

static EntryPoint *entry_point(const char *name) {
    for (int i = 0; i < entry_point_count; i++)
        if (strcmp(entry_points[i].name, name) == 0)
            return &entry_points[i];
    if (entry_point_count == MAX_ENTRY_POINTS)
        return &entry_points[MAX_ENTRY_POINTS - 1];
    EntryPoint *created = &entry_points[entry_point_count++];
    snprintf(created->name, MAX_NAME, "%s", name);
    return created;
}

CUresult count_call(const char *name) {
    EntryPoint *called = entry_point(name);
    called->calls++;
    total_calls++;
    if (total_countdown > 0 && --total_countdown == 0)
        return total_error;
    if (called->countdown > 0 && --called->countdown == 0)
        return called->error;
    return CUDA_SUCCESS;
}

void forget_calls(void) {
    for (int i = 0; i < entry_point_count; i++)
        entry_points[i].calls = 0;
    total_calls = 0;
}

EXPORT void fakecuda_fail(const char *name, int nth, int error) {
    lock();
    EntryPoint *target = entry_point(name);
    target->countdown = nth;
    target->error = error;
    unlock();
}

// Makes the n-th call from now fail, whichever it is.
EXPORT void fakecuda_fail_nth(int nth, int error) {
    lock();
    total_countdown = nth;
    total_error = error;
    unlock();
}

EXPORT void fakecuda_no_faults(void) {
    lock();
    total_countdown = 0;
    for (int i = 0; i < entry_point_count; i++)
        entry_points[i].countdown = 0;
    unlock();
}

EXPORT int fakecuda_calls(const char *name) {
    lock();
    int calls = name ? entry_point(name)->calls : total_calls;
    unlock();
    return calls;
}

// Writes "name count" lines of every entry point called since the last fakecuda_forget.
EXPORT int fakecuda_called(char *buffer, int capacity) {
    lock();
    int length = 0;
    for (int i = 0; i < entry_point_count && length < capacity - 1; i++)
        if (entry_points[i].calls > 0)
            length += snprintf(buffer + length, (size_t)(capacity - length), "%s %d\n", entry_points[i].name,
                               entry_points[i].calls);
    unlock();
    return length;
}
