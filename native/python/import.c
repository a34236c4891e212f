/* Which protocol an object is read by. */
#include "core_module.h"

#include <string.h>

static int traverse_payload(tb_block *block, visitproc visit, void *argument) {
    int result = buffer_block_traverse(block, visit, argument);
    if (result == 0)
        result = interface_block_traverse(block, visit, argument);
    if (result == 0)
        result = struct_block_traverse(block, visit, argument);
    return result;
}

int traverse_block(tb_block *block, visitproc visit, void *argument) {
    /* Only a sole holder may speak for what a block refers to. */
    while (block != NULL && atomic_load_explicit(&block->references, memory_order_relaxed) == 1) {
        tb_block *parent = tb_block_parent(block);
        if (parent == NULL)
            return traverse_payload(block, visit, argument);
        block = parent;
    }
    return 0;
}

static const struct {
    const char *name;
    int32_t via;
} protocols[] = {
    {"buffer", TB_VIA_BUFFER},
    {"array_struct", TB_VIA_ARRAY_STRUCT},
    {"array_interface", TB_VIA_ARRAY_INTERFACE},
    {"cuda_array_interface", TB_VIA_CUDA_ARRAY_INTERFACE},
    {"dlpack", TB_VIA_DLPACK},
};

int parse_via(PyObject *via, int32_t *out) {
    *out = TB_VIA_ANY;
    if (via == NULL || via == Py_None)
        return 0;
    if (PyUnicode_Check(via)) {
        for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
            if (PyUnicode_CompareWithASCIIString(via, protocols[i].name) == 0) {
                *out = protocols[i].via;
                return 0;
            }
        }
    }
    PyErr_Format(PyUnicode_Check(via) ? PyExc_ValueError : PyExc_TypeError,
                 "via is %R, expected None, 'buffer', 'array_struct', 'array_interface', 'cuda_array_interface' or "
                 "'dlpack'",
                 via);
    return -1;
}

static int import_by(PyObject *object, int32_t via, const tb_import_options *options, tb_block **out) {
    switch (via) {
    case TB_VIA_BUFFER:
        return import_buffer(object, out);
    case TB_VIA_ARRAY_STRUCT:
        return import_array_struct(object, out);
    case TB_VIA_ARRAY_INTERFACE:
        return import_array_interface(object, out);
    case TB_VIA_CUDA_ARRAY_INTERFACE:
        return import_cuda_array_interface(object, out);
    default:
        return import_dlpack(object, options, out);
    }
}

static int import_forced(PyObject *object, const tb_import_options *options, tb_block **out) {
    int result = import_by(object, options->via, options, out);
    if (result == ABSENT) {
        const char *name = protocols[options->via - 1].name;
        PyErr_Format(PyExc_TypeError, "%R does not offer the protocol '%s'", Py_TYPE(object), name);
    }
    return result == IMPORTED ? 0 : -1;
}

/* A refusal of one protocol; the first of them is what the user gets to see if every protocol refuses. */
typedef struct refusal {
    PyObject *type, *value, *traceback;
} refusal;

static void keep_first(refusal *first) {
    if (first->type == NULL)
        PyErr_Fetch(&first->type, &first->value, &first->traceback);
    else
        PyErr_Clear();
}

static void forget(refusal *first) {
    Py_XDECREF(first->type);
    Py_XDECREF(first->value);
    Py_XDECREF(first->traceback);
}

/*
 * The validator's TypeError and BufferError mean that this protocol cannot say what the object is (object dtype,
 * a format without a name); a ValueError or OverflowError means that the exporter is broken, and stays.
 */
static int may_go_on(PyObject *object, int32_t via, int result) {
    /* NumPy writes buffer formats that contradict the item size for some packed records; its dictionary is right. */
    if (via == TB_VIA_BUFFER && is_ndarray(object) && PyErr_ExceptionMatches(PyExc_ValueError))
        return 1;
    return result == DECLINED || PyErr_ExceptionMatches(PyExc_TypeError) || PyErr_ExceptionMatches(PyExc_BufferError);
}

static int import_best(PyObject *object, const tb_import_options *options, tb_block **out) {
    static const int32_t order[] = {
        TB_VIA_BUFFER, TB_VIA_ARRAY_STRUCT, TB_VIA_DLPACK, TB_VIA_CUDA_ARRAY_INTERFACE, TB_VIA_ARRAY_INTERFACE,
    };
    refusal first = {NULL, NULL, NULL};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        int result = import_by(object, order[i], options, out);
        if (result == IMPORTED || (result != ABSENT && !may_go_on(object, order[i], result))) {
            forget(&first);
            return result == IMPORTED ? 0 : -1;
        }
        if (result != ABSENT)
            keep_first(&first);
    }
    if (first.type != NULL)
        PyErr_Restore(first.type, first.value, first.traceback);
    else
        PyErr_Format(PyExc_TypeError,
                     "expected an array (buffer protocol, DLPack, __array_interface__, __cuda_array_interface__, "
                     "__array_struct__ or an interface dictionary), got %R",
                     Py_TYPE(object));
    return -1;
}

static int import_by_protocol(PyObject *object, const tb_import_options *options, tb_block **out) {
    return options->via == TB_VIA_ANY ? import_best(object, options, out) : import_forced(object, options, out);
}

int import_object(PyObject *object, const tb_import_options *options, tb_block **out) {
    drain_releases();
    if (is_tensor(object)) {
        tb_block *block = tensor_block(object);
        *out = block != NULL ? tb_block_ref(block) : NULL;
        return block != NULL ? 0 : -1;
    }
    int is_interface = options->via == TB_VIA_ANY || options->via == TB_VIA_ARRAY_INTERFACE ||
                       options->via == TB_VIA_CUDA_ARRAY_INTERFACE;
    if (is_interface && PyDict_Check(object)) {
        int32_t kind = options->via == TB_VIA_CUDA_ARRAY_INTERFACE ? TB_CUDA_ARRAY_INTERFACE : TB_ARRAY_INTERFACE;
        return import_dictionary(object, NULL, kind, out) == IMPORTED ? 0 : -1;
    }
    if (refuse_mask(object) < 0)
        return -1;
    PyObject *array = scalar_as_array(object, options->via);
    if (array == NULL)
        return PyErr_Occurred() ? -1 : import_by_protocol(object, options, out);
    int result = import_by_protocol(array, options, out);
    Py_DECREF(array);
    return result;
}
