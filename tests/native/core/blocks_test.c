/* Blocks of every rank and owner: copied descriptions, one release, views. */
#include "check.h"
#include "tensorbridge/tensorbridge.h"

#include <string.h>

static int released;

static void count_release(void *context) {
    released += *(int *)context;
}

static int one = 1;

static tb_tensor make_tensor(int32_t ndim, int64_t *shape, int64_t *strides) {
    for (int32_t i = 0; i < ndim; i++) {
        shape[i] = i + 1;
        strides[i] = -8 * i;
    }
    return (tb_tensor){.data = shape, .itemsize = 8, .ndim = ndim, .dtype = 3, .device_type = TB_DEVICE_CPU,
                       .stream = 9, .flags = TB_READONLY, .shape = shape, .strides = strides};
}

static void every_rank(void) {
    for (int32_t ndim = 0; ndim <= TB_MAX_NDIM; ndim++) {
        int64_t shape[TB_MAX_NDIM], strides[TB_MAX_NDIM];
        tb_tensor tensor = make_tensor(ndim, shape, strides);
        released = 0;
        tb_block *block = tb_block_create(&tensor, TB_OWNER_NATIVE, count_release, &one);
        CHECK(block != NULL);
        memset(shape, 0xff, sizeof shape); /* the block has copies */
        memset(strides, 0xff, sizeof strides);
        for (int32_t i = 0; i < ndim; i++)
            CHECK(block->tensor.shape[i] == i + 1 && block->tensor.strides[i] == -8 * i);
        CHECK(block->tensor.itemsize == 8 && block->tensor.stream == 9 && block->tensor.flags == TB_READONLY);
        CHECK(tb_block_ref(block) == block);
        tb_block_drop(block);
        CHECK(released == 0);
        tb_block_drop(block);
        CHECK(released == 1);
    }
}

static void wrong_ranks(void) {
    CHECK(tb_block_new(-1) == NULL);
    CHECK(tb_block_new(TB_MAX_NDIM + 1) == NULL);
    tb_block *block = tb_block_new(0);
    CHECK(tb_block_reserve(block, -1) == -1 && tb_block_reserve(block, TB_MAX_NDIM + 1) == -1);
    CHECK(tb_block_reserve(block, 20) == 0 && tb_block_reserve(block, 64) == 0 && tb_block_reserve(block, 3) == 0);
    CHECK(block->capacity == 64);
    tb_block_drop(block);
    tb_block_drop(NULL);
    tb_block_drop_with_gil(NULL);
}

static void views(void) {
    int64_t shape[2], strides[2];
    tb_tensor tensor = make_tensor(2, shape, strides);
    released = 0;
    tb_block *block = tb_block_create(&tensor, TB_OWNER_NATIVE, count_release, &one);
    CHECK(tb_block_parent(block) == NULL);
    tb_block *view = tb_block_view(&tensor, block);
    tb_block *second = tb_block_view(&tensor, view);
    CHECK(tb_block_parent(view) == block && tb_block_parent(second) == view);
    tb_block_drop(block);
    tb_block_drop(view);
    CHECK(released == 0);
    tb_block_drop(second);
    CHECK(released == 1);
}

int main(void) {
    every_rank();
    wrong_ranks();
    views();
    tb_statistics statistics;
    tb_get_statistics(&statistics);
    CHECK(statistics.created == statistics.released && statistics.skipped == 0 && statistics.queued == 0);
    return 0;
}
