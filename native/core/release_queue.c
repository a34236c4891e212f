/*
 * Releases of Python producers that were dropped on a thread without the GIL.
 *
 * A Treiber stack that is only ever emptied as a whole, so that no entry can be seen twice. The lock protects the
 * hooks alone: after tb_set_gil_hooks(NULL) returned, no thread calls into the interpreter any more.
 */
#include "core.h"

#include <pthread.h>

static _Atomic(tb_block *) head;
static _Atomic int64_t queued;
static pthread_mutex_t hooks_lock = PTHREAD_MUTEX_INITIALIZER;
static tb_gil_hooks hooks;

void tb_set_gil_hooks(const tb_gil_hooks *new_hooks) {
    static const tb_gil_hooks none;
    pthread_mutex_lock(&hooks_lock);
    hooks = new_hooks != NULL ? *new_hooks : none;
    pthread_mutex_unlock(&hooks_lock);
}

static void push(tb_block *block) {
    tb_block *first = atomic_load_explicit(&head, memory_order_relaxed);
    do
        block->next = first;
    while (!atomic_compare_exchange_weak_explicit(&head, &first, block, memory_order_release,
                                                  memory_order_relaxed));
    atomic_fetch_add_explicit(&queued, 1, memory_order_relaxed);
}

void tb_release_python(tb_block *block) {
    pthread_mutex_lock(&hooks_lock);
    int32_t held = hooks.held != NULL && hooks.held();
    if (!held) {
        push(block);
        if (hooks.schedule != NULL)
            hooks.schedule();
    }
    pthread_mutex_unlock(&hooks_lock);
    if (held)
        tb_block_destroy(block);
}

void tb_drain_releases(void) {
    tb_block *block = atomic_exchange_explicit(&head, NULL, memory_order_acquire);
    while (block != NULL) {
        tb_block *next = block->next;
        atomic_fetch_sub_explicit(&queued, 1, memory_order_relaxed);
        tb_block_destroy(block);
        block = next;
    }
}

int32_t tb_releases_pending(void) {
    return atomic_load_explicit(&head, memory_order_relaxed) != NULL;
}

int64_t tb_queued_releases(void) {
    return atomic_load_explicit(&queued, memory_order_relaxed);
}

/* A child must not inherit the lock from a thread that does not exist there. */
static void lock_before_fork(void) {
    pthread_mutex_lock(&hooks_lock);
}

static void unlock_after_fork(void) {
    pthread_mutex_unlock(&hooks_lock);
}

__attribute__((constructor)) static void register_fork_handlers(void) {
    pthread_atfork(lock_before_fork, unlock_after_fork, unlock_after_fork);
}
