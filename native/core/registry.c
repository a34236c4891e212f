/* The function tables by which the managed side and the Python side find each other. */
#include "core.h"

#include <stddef.h>

static tb_managed_api managed_api;
static _Atomic(const tb_managed_api *) managed;
static tb_python_api python_api;
static _Atomic(const tb_python_api *) python;

int32_t tb_register_managed(const tb_managed_api *api) {
    if (api == NULL || api->size != (int64_t)sizeof *api)
        return -1;
    managed_api = *api;
    atomic_store_explicit(&managed, &managed_api, memory_order_release);
    tb_guard_fork();
    return 0;
}

const tb_managed_api *tb_managed(void) {
    return atomic_load_explicit(&managed, memory_order_acquire);
}

int32_t tb_register_python(const tb_python_api *api) {
    if (api == NULL || api->size != (int64_t)sizeof *api)
        return -1;
    python_api = *api;
    atomic_store_explicit(&python, &python_api, memory_order_release);
    return 0;
}

const tb_python_api *tb_python(void) {
    return atomic_load_explicit(&python, memory_order_acquire);
}

static tb_tensor *block_tensor(tb_block *block) {
    return &block->tensor;
}

const tb_native_api *tb_native(void) {
    static const tb_native_api api = {
        .size = sizeof api,
        .abi_version = TB_ABI_VERSION,
        .size_count = TB_ABI_SIZE_COUNT,
        .sizes = {sizeof(tb_tensor), sizeof(tb_error), sizeof(tb_block), sizeof(tb_value), sizeof(tb_raw_buffer),
                  sizeof(tb_raw_array_struct), sizeof(tb_raw_dlpack), sizeof(tb_dtype_info),
                  sizeof(tb_operation_info), sizeof(tb_managed_api), sizeof(tb_python_api),
                  sizeof(tb_import_options)},
        .block_create = tb_block_create,
        .block_view = tb_block_view,
        .block_ref = tb_block_ref,
        .block_drop = tb_block_drop,
        .block_tensor = block_tensor,
        .allocate = tb_allocate,
        .free = tb_free,
        .register_managed = tb_register_managed,
        .python = tb_python,
        .is_forked_child = tb_is_forked_child,
        .drain_releases = tb_drain_releases,
        .get_statistics = tb_get_statistics,
    };
    return &api;
}
