/* How exporters spell the element types of the managed table: asked once per type. */
#include "core_module.h"

#include <stdlib.h>
#include <string.h>

static dtype_entry **entries;
static int32_t capacity;

static int grow(int32_t index) {
    int32_t size = capacity != 0 ? capacity : 64;
    while (size <= index)
        size *= 2;
    dtype_entry **larger = realloc(entries, (size_t)size * sizeof *larger);
    if (larger == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memset(larger + capacity, 0, (size_t)(size - capacity) * sizeof *larger);
    entries = larger;
    capacity = size;
    return 0;
}

static dtype_entry *load(int32_t dtype) {
    const tb_managed_api *managed = require_managed();
    if (managed == NULL)
        return NULL;
    dtype_entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL)
        return (dtype_entry *)PyErr_NoMemory();
    tb_error error;
    if (managed->dtype_info(dtype, &entry->info, &error) < 0)
        raise_error(&error, 0);
    else
        entry->typestr = PyUnicode_InternFromString(entry->info.typestr);
    if (entry->typestr == NULL) {
        free(entry);
        return NULL;
    }
    return entries[dtype] = entry;
}

dtype_entry *dtype_get(int32_t dtype) {
    if (dtype >= 0 && dtype < capacity && entries[dtype] != NULL)
        return entries[dtype];
    if (dtype < 0) {
        PyErr_Format(PyExc_ValueError, "element type %d does not exist", dtype);
        return NULL;
    }
    if (dtype >= capacity && grow(dtype) < 0)
        return NULL;
    return load(dtype);
}

PyObject *evaluate_literal(const char *literal) {
    PyObject *module = PyImport_ImportModule("ast");
    PyObject *value = module == NULL ? NULL : PyObject_CallMethod(module, "literal_eval", "s", literal);
    Py_XDECREF(module);
    return value;
}

PyObject *dtype_descr(dtype_entry *entry) {
    /* A fresh list every time: it is mutable and goes to strangers. */
    if (entry->info.descr == NULL)
        return Py_BuildValue("[(sO)]", "", entry->typestr);
    if (entry->descr == NULL && (entry->descr = evaluate_literal(entry->info.descr)) == NULL)
        return NULL;
    return PySequence_List(entry->descr);
}

/* ---- names of element types ---------------------------------------------------------------------------- */

static const char *python_type_name(PyObject *type) {
    if (type == (PyObject *)&PyBool_Type)
        return "|b1";
    if (type == (PyObject *)&PyLong_Type)
        return "<i8";
    if (type == (PyObject *)&PyFloat_Type)
        return "<f8";
    if (type == (PyObject *)&PyComplex_Type)
        return "<c16";
    return NULL;
}

PyObject *dtype_text(PyObject *object) {
    if (PyUnicode_Check(object))
        return Py_NewRef(object);
    const char *python_type = python_type_name(object);
    if (python_type != NULL)
        return PyUnicode_FromString(python_type);
    if (PyType_Check(object)) /* numpy.float32, ml_dtypes.bfloat16 */
        return PyType_GetName((PyTypeObject *)object);
    PyObject *text = get_optional_attribute(object, names.typestr); /* a Tensor's dtype */
    if (text == NULL && !PyErr_Occurred())
        text = get_optional_attribute(object, names.str); /* numpy.dtype */
    if (text != NULL && PyUnicode_Check(text))
        return text;
    Py_XDECREF(text);
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_TypeError, "expected an element type ('<f4', 'float32', numpy.float32, float), got %R", object);
    return NULL;
}
