#include <dlpack/dlpack.h>

/* Up to 0.8 one macro holds ten times the minor version. */
#ifdef DLPACK_MAJOR_VERSION
#define ABI_VERSION (100 * DLPACK_MAJOR_VERSION + DLPACK_MINOR_VERSION)
#else
#define ABI_VERSION (DLPACK_VERSION / 10)
#endif
#include "abi_facts.h"

AbiTable abi_of_upstream(void)
{
    return abi_table();
}
