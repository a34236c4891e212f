// Handles. A handle names a slot and the generation of its occupant, so that a stale handle is never
// taken for a newer object, whatever the number of objects created.
#include <stdlib.h>

#include "fakecuda.h"

enum { SLOT_BITS = 20, GENERATION_BITS = 22, MAX_SLOTS = 1 << SLOT_BITS };

static Object *slots[MAX_SLOTS];
static uint32_t generations[MAX_SLOTS];
static uint32_t free_slots[MAX_SLOTS];
static uint32_t used_slots, free_slot_count;

static uint32_t slot_of(uint64_t handle) {
    return (uint32_t)(handle & (MAX_SLOTS - 1));
}

void *create_object(size_t size, ObjectKind kind, Context *context) {
    if (free_slot_count == 0 && used_slots == MAX_SLOTS)
        return NULL;
    Object *object = calloc(1, size);
    if (object == NULL)
        return NULL;
    uint32_t slot = free_slot_count > 0 ? free_slots[--free_slot_count] : used_slots++;
    uint32_t generation = ++generations[slot] & ((1u << GENERATION_BITS) - 1);
    object->kind = kind;
    object->context = context;
    object->handle =
        ((uint64_t)kind << (SLOT_BITS + GENERATION_BITS)) | ((uint64_t)generation << SLOT_BITS) | slot;
    slots[slot] = object;
    return object;
}

void *find_object(uint64_t handle, ObjectKind kind) {
    Object *object = slots[slot_of(handle)];
    return object != NULL && object->handle == handle && object->kind == kind ? object : NULL;
}

void destroy_object(Object *object) {
    uint32_t slot = slot_of(object->handle);
    slots[slot] = NULL;
    free_slots[free_slot_count++] = slot;
    free(object);
}

void *next_object(uint32_t *cursor, ObjectKind kind) {
    while (*cursor < used_slots) {
        Object *object = slots[(*cursor)++];
        if (object != NULL && object->kind == kind)
            return object;
    }
    return NULL;
}

int count_objects(ObjectKind kind) {
    int count = 0;
    uint32_t cursor = 0;
    for (Object *object; (object = next_object(&cursor, kind)) != NULL;)
        if (kind != KIND_STREAM || !((Stream *)object)->implicit)
            count++;
    return count;
}
