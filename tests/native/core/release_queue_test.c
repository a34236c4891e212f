/* Python producers: released at once where the GIL is held, queued otherwise, left alone after the end. */
#include "check.h"
#include "tensorbridge/tensorbridge.h"

static int held, scheduled, released;

static int32_t is_held(void) {
    return held;
}

static void schedule(void) {
    scheduled++;
}

static void count_release(void *context) {
    (void)context;
    released++;
}

static tb_block *make(void) {
    tb_tensor tensor = {.ndim = 0};
    return tb_block_create(&tensor, TB_OWNER_PYTHON, count_release, NULL);
}

static int64_t queued(void) {
    tb_statistics statistics;
    tb_get_statistics(&statistics);
    return statistics.queued;
}

int main(void) {
    static const tb_gil_hooks hooks = {is_held, schedule};
    static const tb_gil_hooks closing = {is_held, NULL};

    tb_block_drop(make()); /* nobody to ask yet */
    CHECK(released == 0 && queued() == 1);

    tb_set_gil_hooks(&hooks);
    held = 1;
    tb_block_drop(make());
    CHECK(released == 1 && scheduled == 0);
    CHECK(tb_releases_pending());
    tb_drain_releases();
    CHECK(released == 2 && queued() == 0 && !tb_releases_pending());
    tb_drain_releases();
    CHECK(released == 2);

    held = 0;
    for (int i = 0; i < 10; i++)
        tb_block_drop(make());
    CHECK(released == 2 && scheduled == 10 && queued() == 10);
    tb_block_drop_with_gil(make()); /* the caller knows better */
    CHECK(released == 3);
    tb_drain_releases();
    CHECK(released == 13 && queued() == 0);

    tb_set_gil_hooks(&closing);
    tb_block_drop(make());
    CHECK(released == 13 && scheduled == 10 && queued() == 1);
    held = 1;
    tb_block_drop(make());
    CHECK(released == 14);

    /* A view of a Python producer asks the same questions when it goes. */
    tb_tensor tensor = {.ndim = 0};
    tb_block *block = make();
    tb_block *view = tb_block_view(&tensor, block);
    tb_block_drop(block);
    tb_block_drop_with_gil(view);
    CHECK(released == 15);
    return 0;
}
