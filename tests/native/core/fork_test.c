/* A forked child is marked once the guard is up, and releases nothing into managed code there. */
#include "check.h"
#include "tensorbridge/tensorbridge.h"

#include <sys/wait.h>
#include <unistd.h>

static int released;

static void count_release(void *context) {
    (void)context;
    released++;
}

static tb_block *make(int32_t owner) {
    tb_tensor tensor = {.ndim = 0};
    return tb_block_create(&tensor, owner, count_release, NULL);
}

static int in_child(int (*test)(void)) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
        _exit(test());
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int is_marked(void) {
    return tb_is_forked_child();
}

static tb_block *managed, *native;

static int drop_both(void) {
    tb_block_drop(managed);
    CHECK(released == 0);
    tb_block_drop(native);
    CHECK(released == 1);
    tb_statistics statistics;
    tb_get_statistics(&statistics);
    return statistics.skipped == 1 && statistics.released == 1 ? 0 : 1;
}

int main(void) {
    CHECK(!tb_is_forked_child());
    CHECK(in_child(is_marked) == 0);
    tb_guard_fork();
    tb_guard_fork();
    CHECK(in_child(is_marked) == 1);
    CHECK(!tb_is_forked_child());
    managed = make(TB_OWNER_MANAGED);
    native = make(TB_OWNER_NATIVE);
    CHECK(in_child(drop_both) == 0);
    tb_block_drop(managed);
    tb_block_drop(native);
    CHECK(released == 2);
    return 0;
}
