/* Blocks: one release of a producer, counted users. */
#include "core.h"

#include <stdlib.h>
#include <string.h>

static _Atomic int64_t created;
static _Atomic int64_t released;
static _Atomic int64_t skipped;

tb_block *tb_block_new(int32_t ndim) {
    tb_block *block = malloc(sizeof *block);
    if (block == NULL)
        return NULL;
    atomic_init(&block->references, 1);
    block->owner = TB_OWNER_NATIVE;
    block->capacity = TB_INLINE_NDIM;
    block->release = NULL;
    block->context = NULL;
    block->next = NULL;
    block->heap_dimensions = NULL;
    block->element_strides = NULL;
    memset(&block->tensor, 0, sizeof block->tensor);
    block->tensor.shape = block->dimensions;
    block->tensor.strides = block->dimensions + TB_INLINE_NDIM;
    if (tb_block_reserve(block, ndim) < 0) {
        free(block);
        return NULL;
    }
    atomic_fetch_add_explicit(&created, 1, memory_order_relaxed);
    return block;
}

int32_t tb_block_reserve(tb_block *block, int32_t ndim) {
    if (ndim < 0 || ndim > TB_MAX_NDIM)
        return -1;
    if (ndim <= block->capacity)
        return 0;
    int64_t *dimensions = malloc(2 * (size_t)ndim * sizeof *dimensions);
    if (dimensions == NULL)
        return -1;
    free(block->heap_dimensions);
    block->heap_dimensions = dimensions;
    block->capacity = ndim;
    block->tensor.shape = dimensions;
    block->tensor.strides = dimensions + ndim;
    return 0;
}

tb_block *tb_block_create(const tb_tensor *tensor, int32_t owner, tb_release_fn release, void *context) {
    tb_block *block = tb_block_new(tensor->ndim);
    if (block == NULL)
        return NULL;
    tb_block_assign(block, tensor);
    block->owner = owner;
    block->release = release;
    block->context = context;
    return block;
}

static void drop_parent(void *parent) {
    tb_block_drop(parent);
}

tb_block *tb_block_view(const tb_tensor *tensor, tb_block *parent) {
    tb_block *block = tb_block_create(tensor, TB_OWNER_NATIVE, drop_parent, parent);
    if (block != NULL)
        tb_block_ref(parent);
    return block;
}

tb_block *tb_block_parent(const tb_block *block) {
    return block->release == drop_parent ? block->context : NULL;
}

void tb_block_assign(tb_block *block, const tb_tensor *tensor) {
    int64_t *shape = block->tensor.shape;
    int64_t *strides = block->tensor.strides;
    block->tensor = *tensor;
    block->tensor.shape = shape;
    block->tensor.strides = strides;
    size_t size = (size_t)tensor->ndim * sizeof *shape;
    if (size != 0) {
        memcpy(shape, tensor->shape, size);
        memcpy(strides, tensor->strides, size);
    }
}

tb_block *tb_block_ref(tb_block *block) {
    atomic_fetch_add_explicit(&block->references, 1, memory_order_relaxed);
    return block;
}

/* True for the one caller that dropped the last reference. */
static int is_last(tb_block *block) {
    if (atomic_fetch_sub_explicit(&block->references, 1, memory_order_release) != 1)
        return 0;
    atomic_thread_fence(memory_order_acquire);
    return 1;
}

void tb_block_destroy(tb_block *block) {
    if (block->owner == TB_OWNER_MANAGED && tb_is_forked_child()) {
        atomic_fetch_add_explicit(&skipped, 1, memory_order_relaxed);
    } else {
        if (block->release != NULL)
            block->release(block->context);
        atomic_fetch_add_explicit(&released, 1, memory_order_relaxed);
    }
    free(block->heap_dimensions);
    free(block->element_strides);
    free(block);
}

void tb_block_drop(tb_block *block) {
    if (block == NULL || !is_last(block))
        return;
    if (block->owner == TB_OWNER_PYTHON)
        tb_release_python(block);
    else
        tb_block_destroy(block);
}

void tb_block_drop_with_gil(tb_block *block) {
    if (block != NULL && is_last(block))
        tb_block_destroy(block);
}

void tb_get_statistics(tb_statistics *out) {
    out->created = atomic_load_explicit(&created, memory_order_relaxed);
    out->released = atomic_load_explicit(&released, memory_order_relaxed);
    out->skipped = atomic_load_explicit(&skipped, memory_order_relaxed);
    out->queued = tb_queued_releases();
}
