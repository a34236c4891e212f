/* Results of operations: everything that a value owns is freed with it. Leaks show in the sanitized build. */
#include "check.h"
#include "tensorbridge/tensorbridge.h"

#include <string.h>

static int released;

static void count_release(void *context) {
    (void)context;
    released++;
}

static tb_value text(int32_t kind) {
    tb_value value = {.kind = kind};
    value.text.data = tb_allocate(4);
    value.text.length = 4;
    memcpy(value.text.data, "text", 4);
    return value;
}

static tb_value tensor(void) {
    tb_tensor description = {.ndim = 0};
    tb_value value = {.kind = TB_TENSOR};
    value.tensor.block = tb_block_create(&description, TB_OWNER_NATIVE, count_release, NULL);
    return value;
}

static tb_value sequence(int32_t kind, int64_t count) {
    tb_value value = {.kind = kind};
    value.items.data = tb_allocate(count * (int64_t)sizeof(tb_value));
    value.items.count = count;
    for (int64_t i = 0; i < count; i++)
        value.items.data[i] = (tb_value){.kind = TB_INT};
    return value;
}

int main(void) {
    CHECK(tb_allocate(-1) == NULL);
    void *nothing = tb_allocate(0);
    CHECK(nothing != NULL);
    tb_free(nothing);
    tb_free(NULL);

    static const int32_t texts[] = {TB_STR, TB_BYTES, TB_BIGINT, TB_LITERAL};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tb_value value = text(texts[i]);
        tb_value_clear(&value);
        CHECK(value.kind == TB_NONE);
    }

    tb_value outer = sequence(TB_TUPLE, 4);
    outer.items.data[0] = sequence(TB_DICT, 2);
    outer.items.data[0].items.data[1] = tensor();
    outer.items.data[1] = text(TB_STR);
    outer.items.data[2] = sequence(TB_LIST, 0);
    outer.items.data[3] = tensor();
    tb_value_clear(&outer);
    CHECK(released == 2 && outer.kind == TB_NONE);
    tb_value_clear(&outer);
    CHECK(released == 2);
    return 0;
}
