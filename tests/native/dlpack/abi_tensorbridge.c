#include <tensorbridge/dlpack.h>

#define ABI_VERSION (100 * DLPACK_MAJOR_VERSION + DLPACK_MINOR_VERSION)
#include "abi_facts.h"

AbiTable abi_of_tensorbridge(void)
{
    return abi_table();
}
