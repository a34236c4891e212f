/* Compares our DLPack header with the one of the DLPack project that is installed here. */
#include <stdio.h>
#include <string.h>

#include "abi_table.h"

static const AbiFact *find(AbiTable table, const char *name)
{
    for (int i = 0; i < table.count; i++)
        if (strcmp(table.facts[i].name, name) == 0)
            return &table.facts[i];
    return NULL;
}

/* Tells whether a fact of the other header is the same in ours. */
static int same(AbiTable ours, const AbiFact *theirs)
{
    const AbiFact *fact = find(ours, theirs->name);
    if (fact == NULL)
        printf("%s: missing in ours\n", theirs->name);
    else if (fact->value != theirs->value)
        printf("%s: %lld in ours, %lld upstream\n", theirs->name, (long long)fact->value, (long long)theirs->value);
    else
        return 1;
    return 0;
}

int main(void)
{
    AbiTable ours = abi_of_tensorbridge();
    AbiTable theirs = abi_of_upstream();
    int different = 0;
    for (int i = 0; i < theirs.count; i++)
        different += !same(ours, &theirs.facts[i]);
    printf("ours %d.%d, upstream %d.%d: %d of our %d facts compared, %d differ\n", ours.version / 100,
           ours.version % 100, theirs.version / 100, theirs.version % 100, theirs.count, ours.count, different);
    return different != 0;
}
