/* The function tables: sizes are checked, the last registration counts, the layouts are those of the ABI. */
#include "check.h"
#include "tensorbridge/tensorbridge.h"

#include <stddef.h>

int main(void) {
    CHECK(sizeof(tb_tensor) == 64 && offsetof(tb_tensor, shape) == 48);
    CHECK(sizeof(tb_error) == 8 + 2048);
    CHECK(sizeof(tb_value) == 24 && offsetof(tb_value, integer) == 8);
    CHECK(sizeof(tb_raw_buffer) == 80 && sizeof(tb_raw_array_struct) == 56);

    const tb_native_api *native = tb_native();
    CHECK(native->size == sizeof *native && native->abi_version == TB_ABI_VERSION);
    CHECK(native->size_count == TB_ABI_SIZE_COUNT && native->sizes[0] == sizeof(tb_tensor));
    CHECK(native->block_create == tb_block_create && native->register_managed == tb_register_managed);

    CHECK(tb_managed() == NULL && tb_python() == NULL);
    tb_managed_api managed = {.size = sizeof managed - 8};
    CHECK(tb_register_managed(NULL) == -1 && tb_register_managed(&managed) == -1 && tb_managed() == NULL);
    managed.size = sizeof managed;
    CHECK(tb_register_managed(&managed) == 0 && tb_managed() != NULL && tb_managed() != &managed);
    tb_python_api python = {.size = 1};
    CHECK(tb_register_python(NULL) == -1 && tb_register_python(&python) == -1 && tb_python() == NULL);
    python.size = sizeof python;
    CHECK(tb_register_python(&python) == 0 && tb_python()->size == sizeof python);
    return 0;
}
