/*
 * What is remembered of the types whose objects were imported by DLPack: probes and retries are paid once per type.
 *
 * A small table without chains: a type that lands in a taken place takes it over. The references are weak, so that no
 * type lives longer for it, and tell whether an address still means the same type.
 */
#include "core_module.h"
#include "tensorbridge/dlpack.h"

#include <string.h>

static const char EXCHANGE[] = "dlpack_exchange_api";

typedef struct remembered {
    dlpack_producer producer;
    PyTypeObject *type;
    PyObject *reference;
} remembered;

static remembered places[64];

static remembered *place_of(PyTypeObject *type) {
    uintptr_t address = (uintptr_t)type >> 4;
    return &places[(address ^ (address >> 6)) % (sizeof places / sizeof *places)];
}

static int is_remembered(const remembered *place, PyTypeObject *type) {
    return place->type == type && PyWeakref_GetObject(place->reference) == (PyObject *)type;
}

/* The table whose major version fits, or NULL (no exception) when there is none. */
static const DLPackExchangeAPI *find_table(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, EXCHANGE))
        return NULL;
    const DLPackExchangeAPIHeader *header = PyCapsule_GetPointer(capsule, EXCHANGE);
    while (header != NULL && header->version.major != DLPACK_MAJOR_VERSION)
        header = header->prev_api;
    const DLPackExchangeAPI *table = (const DLPackExchangeAPI *)header;
    return table != NULL && table->managed_tensor_from_py_object_no_sync != NULL ? table : NULL;
}

/* 1, 0 or -1 with an exception. */
static int has_attribute(PyTypeObject *type, PyObject *name) {
    PyObject *value = get_optional_attribute((PyObject *)type, name);
    if (value == NULL)
        return PyErr_Occurred() ? -1 : 0;
    Py_DECREF(value);
    return 1;
}

/* The class itself; its subclasses may answer for themselves. 1, 0 or -1 with an exception. */
static int is_numpy_class(PyTypeObject *type) {
    PyObject *name = PyType_GetName(type);
    if (name == NULL || PyUnicode_CompareWithASCIIString(name, "ndarray") != 0) {
        Py_XDECREF(name);
        return name == NULL ? -1 : 0;
    }
    Py_DECREF(name);
    PyObject *module = PyObject_GetAttrString((PyObject *)type, "__module__");
    int result = module == NULL ? -1
                                : PyUnicode_Check(module) && PyUnicode_CompareWithASCIIString(module, "numpy") == 0;
    Py_XDECREF(module);
    return result;
}

static int examine(PyTypeObject *type, dlpack_producer *out) {
    memset(out, 0, sizeof *out);
    PyObject *capsule = get_optional_attribute((PyObject *)type, names.dlpack_exchange);
    if (capsule == NULL && PyErr_Occurred())
        return -1;
    out->table = capsule == NULL ? NULL : find_table(capsule);
    Py_XDECREF(capsule);
    int has_dlpack = has_attribute(type, names.dlpack);
    int has_device = has_dlpack > 0 ? has_attribute(type, names.dlpack_device) : has_dlpack;
    int has_grad = has_device < 0 ? -1 : has_attribute(type, names.requires_grad);
    int has_negation = has_grad > 0 ? has_attribute(type, names.is_neg) : has_grad;
    int is_numpy = has_negation < 0 ? -1 : is_numpy_class(type);
    if (is_numpy < 0)
        return -1;
    out->is_host = is_numpy;
    out->has_methods = has_device > 0;
    out->is_lazy = has_negation;
    return 0;
}

int producer_of(PyTypeObject *type, dlpack_producer *out) {
    remembered *place = place_of(type);
    if (is_remembered(place, type)) {
        *out = place->producer;
        return 0;
    }
    if (examine(type, out) < 0) /* may run Python code, and import other objects */
        return -1;
    PyObject *reference = PyWeakref_NewRef((PyObject *)type, NULL);
    if (reference == NULL)
        return -1;
    PyObject *old = place->reference;
    *place = (remembered){*out, type, reference};
    Py_XDECREF(old);
    return 0;
}

void producer_is_old(PyTypeObject *type, int is_old) {
    remembered *place = place_of(type);
    if (is_remembered(place, type))
        place->producer.is_old = is_old;
}
