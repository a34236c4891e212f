/* The buffer protocol: the Py_buffer lives in the block, where it is held until the last use. */
#include "core_module.h"

#include <string.h>

_Static_assert(sizeof(Py_buffer) <= TB_PAYLOAD_SIZE, "a Py_buffer must fit into a block");
_Static_assert(sizeof(Py_buffer) == sizeof(tb_raw_buffer), "tb_raw_buffer must mirror Py_buffer");
_Static_assert(offsetof(Py_buffer, len) == offsetof(tb_raw_buffer, len), "tb_raw_buffer must mirror Py_buffer");
_Static_assert(offsetof(Py_buffer, readonly) == offsetof(tb_raw_buffer, readonly), "tb_raw_buffer must mirror Py_buffer");
_Static_assert(offsetof(Py_buffer, format) == offsetof(tb_raw_buffer, format), "tb_raw_buffer must mirror Py_buffer");
_Static_assert(offsetof(Py_buffer, strides) == offsetof(tb_raw_buffer, strides), "tb_raw_buffer must mirror Py_buffer");

static void release_buffer(void *context) {
    PyBuffer_Release((Py_buffer *)((tb_block *)context)->payload);
}

int buffer_block_traverse(tb_block *block, visitproc visit, void *arg) {
    if (block->release != release_buffer)
        return 0;
    Py_VISIT(((Py_buffer *)block->payload)->obj);
    return 0;
}

int import_buffer(PyObject *object, tb_block **out) {
    if (!PyObject_CheckBuffer(object))
        return ABSENT;
    const tb_managed_api *managed = require_managed();
    if (managed == NULL)
        return FAILED;
    tb_block *block = tb_block_new(0);
    if (block == NULL) {
        PyErr_NoMemory();
        return FAILED;
    }
    Py_buffer *view = (Py_buffer *)block->payload;
    if (PyObject_GetBuffer(object, view, PyBUF_RECORDS_RO) < 0) {
        tb_block_drop_with_gil(block);
        return is_refusal() ? DECLINED : FAILED;
    }
    block->owner = TB_OWNER_PYTHON;
    block->release = release_buffer;
    block->context = block;
    if (tb_block_reserve(block, view->ndim) < 0) {
        PyErr_Format(PyExc_ValueError, "a buffer of rank %d was offered, the limit is %d", view->ndim, TB_MAX_NDIM);
        tb_block_drop_with_gil(block);
        return FAILED;
    }
    tb_error error;
    if (managed->import_buffer((const tb_raw_buffer *)view, &block->tensor, &error) < 0) {
        raise_error(&error, 0);
        tb_block_drop_with_gil(block);
        return FAILED;
    }
    *out = block;
    return IMPORTED;
}
