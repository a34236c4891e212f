/* What one header says about the DLPack ABI, as text and number, for comparison with another one. */
#ifndef TB_TESTS_ABI_TABLE_H
#define TB_TESTS_ABI_TABLE_H

#include <stdint.h>

typedef struct AbiFact {
    const char *name;
    int64_t value;
} AbiFact;

typedef struct AbiTable {
    /* 100 * major + minor of the header. */
    int version;
    int count;
    const AbiFact *facts;
} AbiTable;

AbiTable abi_of_tensorbridge(void);
AbiTable abi_of_upstream(void);

#endif
