/* Many threads share, view and drop blocks; each is released once. Python producers meet a drain on another thread. */
#include "check.h"
#include "tensorbridge/tensorbridge.h"

#include <pthread.h>

enum { THREADS = 8, ROUNDS = 20000 };

static _Atomic int64_t released;
static _Atomic int stop;

static void count_release(void *context) {
    (void)context;
    atomic_fetch_add(&released, 1);
}

static void *hammer(void *shared) {
    tb_tensor tensor = {.ndim = 0};
    for (int i = 0; i < ROUNDS; i++) {
        tb_block *mine = tb_block_create(&tensor, i & 1 ? TB_OWNER_PYTHON : TB_OWNER_NATIVE, count_release, NULL);
        tb_block *view = tb_block_view(&tensor, mine);
        tb_block_ref(shared);
        tb_block_drop(mine);
        tb_block_drop(shared);
        tb_block_drop(view);
    }
    return NULL;
}

static void *drain(void *unused) {
    while (!atomic_load(&stop))
        tb_drain_releases();
    return unused;
}

int main(void) {
    tb_tensor tensor = {.ndim = 0};
    tb_block *shared = tb_block_create(&tensor, TB_OWNER_NATIVE, count_release, NULL);
    pthread_t threads[THREADS], drainer;
    CHECK(pthread_create(&drainer, NULL, drain, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, hammer, shared) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    atomic_store(&stop, 1);
    pthread_join(drainer, NULL);
    tb_drain_releases();
    CHECK(atomic_load(&released) == THREADS * ROUNDS);
    tb_block_drop(shared);
    CHECK(atomic_load(&released) == THREADS * ROUNDS + 1);
    tb_statistics statistics;
    tb_get_statistics(&statistics);
    CHECK(statistics.created == statistics.released && statistics.queued == 0);
    return 0;
}
