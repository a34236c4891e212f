/* What the files of the core library share. */
#ifndef TENSORBRIDGE_CORE_H
#define TENSORBRIDGE_CORE_H

#include "tensorbridge/tensorbridge.h"

/* Calls the release and frees the block; the last reference is gone. */
void tb_block_destroy(tb_block *block);

/* Destroys a block whose producer is a Python object: now if this thread holds the GIL, else from the queue. */
void tb_release_python(tb_block *block);

int64_t tb_queued_releases(void);

#endif
