/* __array_struct__: a capsule without a name around a PyArrayInterface. */
#include "core_module.h"

_Static_assert(sizeof(tb_raw_array_struct) == 56, "tb_raw_array_struct must mirror PyArrayInterface");
_Static_assert(offsetof(tb_raw_array_struct, shape) == 24, "tb_raw_array_struct must mirror PyArrayInterface");

typedef struct struct_payload {
    PyObject *capsule; /* its destructor frees the struct */
    PyObject *object;  /* and it need not keep the memory alive */
} struct_payload;

static struct_payload *payload_of(tb_block *block) {
    return (struct_payload *)block->payload;
}

static void release_struct(void *context) {
    Py_CLEAR(payload_of(context)->capsule);
    Py_CLEAR(payload_of(context)->object);
}

int struct_block_traverse(tb_block *block, visitproc visit, void *arg) {
    if (block->release != release_struct)
        return 0;
    Py_VISIT(payload_of(block)->capsule);
    Py_VISIT(payload_of(block)->object);
    return 0;
}

/* The fields that a null shape, a wrong rank or a wrong magic number would make unreadable. */
static const tb_raw_array_struct *read_capsule(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, NULL)) {
        PyErr_Format(PyExc_TypeError, "__array_struct__ is a %R, expected a capsule without a name", Py_TYPE(capsule));
        return NULL;
    }
    const tb_raw_array_struct *raw = PyCapsule_GetPointer(capsule, NULL);
    if (raw == NULL)
        return NULL;
    if (raw->two != 2)
        PyErr_Format(PyExc_ValueError, "__array_struct__ starts with %d, expected 2: it is no PyArrayInterface", raw->two);
    else if (raw->nd < 0 || raw->nd > TB_MAX_NDIM)
        PyErr_Format(PyExc_ValueError, "__array_struct__ has the rank %d, the limit is %d", raw->nd, TB_MAX_NDIM);
    else
        return raw;
    return NULL;
}

int import_array_struct(PyObject *object, tb_block **out) {
    PyObject *capsule = get_optional_attribute(object, names.array_struct);
    if (capsule == NULL)
        return PyErr_Occurred() ? FAILED : ABSENT;
    const tb_raw_array_struct *raw = read_capsule(capsule);
    const tb_managed_api *managed = raw != NULL ? require_managed() : NULL;
    tb_block *block = managed != NULL ? tb_block_new(raw->nd) : NULL;
    if (block == NULL) {
        if (managed != NULL)
            PyErr_NoMemory();
        Py_DECREF(capsule);
        return -1;
    }
    payload_of(block)->capsule = capsule;
    payload_of(block)->object = Py_NewRef(object);
    block->owner = TB_OWNER_PYTHON;
    block->release = release_struct;
    block->context = block;
    tb_error error;
    if (managed->import_array_struct(raw, &block->tensor, &error) < 0) {
        raise_error(&error, 0);
        tb_block_drop_with_gil(block);
        return -1;
    }
    *out = block;
    return IMPORTED;
}
