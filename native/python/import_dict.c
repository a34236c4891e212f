/* __array_interface__, __cuda_array_interface__ and the bare dictionary. */
#include "core_module.h"

#include <string.h>

_Static_assert(sizeof(interface_payload) <= TB_PAYLOAD_SIZE, "the payload must fit into a block");

interface_payload *interface_payload_of(tb_block *block) {
    return (interface_payload *)block->payload;
}

static void release_interface(void *context) {
    interface_payload *payload = interface_payload_of(context);
    if (payload->view.obj != NULL)
        PyBuffer_Release(&payload->view);
    Py_CLEAR(payload->owner);
    Py_CLEAR(payload->anchor);
}

tb_block *interface_block_new(PyObject *owner, PyObject *anchor) {
    tb_block *block = tb_block_new(0);
    if (block == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    interface_payload *payload = interface_payload_of(block);
    memset(payload, 0, sizeof *payload);
    payload->owner = Py_XNewRef(owner);
    payload->anchor = Py_XNewRef(anchor);
    block->owner = TB_OWNER_PYTHON;
    block->release = release_interface;
    block->context = block;
    return block;
}

int interface_block_traverse(tb_block *block, visitproc visit, void *arg) {
    if (block->release != release_interface)
        return 0;
    interface_payload *payload = interface_payload_of(block);
    Py_VISIT(payload->view.obj);
    Py_VISIT(payload->owner);
    Py_VISIT(payload->anchor);
    return 0;
}

int interface_block_fill(tb_block *block, const char *text, size_t length, int32_t kind) {
    const tb_managed_api *managed = require_managed();
    if (managed == NULL)
        return -1;
    int64_t shape[TB_MAX_NDIM], strides[TB_MAX_NDIM];
    tb_tensor tensor = {.shape = shape, .strides = strides};
    tb_error error;
    if (managed->import_interface(text, (int64_t)length, kind, &tensor, &error) < 0) {
        raise_error(&error, 0);
        return -1;
    }
    if (tb_block_reserve(block, tensor.ndim) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    tb_block_assign(block, &tensor);
    return 0;
}

/* Fills a block from a dictionary; consumes the block's reference when it fails. */
static int fill_from_dictionary(tb_block *block, PyObject *dictionary, PyObject *object, int32_t kind) {
    text_buffer text;
    text_init(&text);
    int result = write_interface(&text, dictionary, object, &interface_payload_of(block)->view);
    if (result == 0)
        result = interface_block_fill(block, text.data, text.length, kind);
    text_free(&text);
    if (result < 0)
        tb_block_drop_with_gil(block);
    return result;
}

int import_dictionary(PyObject *dictionary, PyObject *owner, int32_t kind, tb_block **out) {
    tb_block *block = interface_block_new(owner, dictionary);
    if (block == NULL || fill_from_dictionary(block, dictionary, NULL, kind) < 0)
        return -1;
    *out = block;
    return IMPORTED;
}

/* The attribute is read once; the dictionary is kept too, since some exporters anchor the memory in it. */
static int import_attribute(PyObject *object, PyObject *name, int32_t kind, tb_block **out) {
    PyObject *dictionary = get_optional_attribute(object, name);
    if (dictionary == NULL)
        return PyErr_Occurred() ? FAILED : ABSENT;
    if (!PyDict_Check(dictionary)) {
        PyErr_Format(PyExc_TypeError, "%U is a %R, expected a dict", name, Py_TYPE(dictionary));
        Py_DECREF(dictionary);
        return -1;
    }
    tb_block *block = interface_block_new(object, dictionary);
    int result = block == NULL ? -1 : fill_from_dictionary(block, dictionary, object, kind);
    Py_DECREF(dictionary);
    if (result < 0)
        return -1;
    *out = block;
    return IMPORTED;
}

int import_array_interface(PyObject *object, tb_block **out) {
    return import_attribute(object, names.array_interface, TB_ARRAY_INTERFACE, out);
}

int import_cuda_array_interface(PyObject *object, tb_block **out) {
    return import_attribute(object, names.cuda_array_interface, TB_CUDA_ARRAY_INTERFACE, out);
}
