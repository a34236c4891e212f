/* Values that generic operations return: memory from here, so that either side can free it. */
#include "core.h"

#include <stdlib.h>

void *tb_allocate(int64_t size) {
    return size < 0 ? NULL : malloc(size != 0 ? (size_t)size : 1);
}

void tb_free(void *memory) {
    free(memory);
}

static void clear_items(tb_value *value) {
    for (int64_t i = 0; i < value->items.count; i++)
        tb_value_clear(&value->items.data[i]);
    free(value->items.data);
}

void tb_value_clear(tb_value *value) {
    switch (value->kind) {
    case TB_BIGINT:
    case TB_STR:
    case TB_BYTES:
    case TB_LITERAL:
        free(value->text.data);
        break;
    case TB_LIST:
    case TB_TUPLE:
    case TB_DICT:
    case TB_SLICE:
        clear_items(value);
        break;
    case TB_TENSOR:
        tb_block_drop(value->tensor.block);
        break;
    default:
        break;
    }
    value->kind = TB_NONE;
}
