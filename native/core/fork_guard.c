/*
 * Managed code cannot run in a forked child: its threads (garbage collector, finalizer) are not there. A child that
 * only exits would still release its tensors into it, and has been seen to bring down the parent. So the child is
 * marked, and the mark is asked before every call into managed code.
 */
#include "core.h"

#include <pthread.h>

static _Atomic int32_t forked;
static pthread_once_t guard_once = PTHREAD_ONCE_INIT;

static void mark_child(void) {
    atomic_store_explicit(&forked, 1, memory_order_relaxed);
}

static void install_guard(void) {
    pthread_atfork(NULL, NULL, mark_child);
}

void tb_guard_fork(void) {
    pthread_once(&guard_once, install_guard);
}

int32_t tb_is_forked_child(void) {
    return atomic_load_explicit(&forked, memory_order_relaxed);
}
