/*
 * The types of NumPy whose protocols say less than the object is: masked arrays, whose buffer has no mask, and scalars,
 * whose interface dictionary names memory that is gone and whose dates are plain bytes in the buffer protocol.
 */
#include "core_module.h"

/* Static types of NumPy, NULL until it is imported. No other type is held: a class of a user's would keep his module alive. */
static PyTypeObject *array, *masked_array, *scalar, *datetime, *timedelta;

static PyObject *imported(const char *name) {
    PyObject *key = PyUnicode_FromString(name);
    PyObject *module = key == NULL ? NULL : PyImport_GetModule(key);
    Py_XDECREF(key);
    PyErr_Clear();
    return module;
}

static void find_type(PyTypeObject **slot, PyObject *module, const char *name) {
    PyObject *type = *slot != NULL || module == NULL ? NULL : PyObject_GetAttrString(module, name);
    PyErr_Clear(); /* imported in part only: then no object of the type exists */
    if (type != NULL && PyType_Check(type))
        *slot = (PyTypeObject *)type;
    else
        Py_XDECREF(type);
}

static void find_types(void) {
    PyObject *numpy = timedelta == NULL ? imported("numpy") : NULL;
    find_type(&array, numpy, "ndarray");
    find_type(&scalar, numpy, "generic");
    find_type(&datetime, numpy, "datetime64");
    find_type(&timedelta, numpy, "timedelta64");
    Py_XDECREF(numpy);
    PyObject *masked = timedelta != NULL && masked_array == NULL ? imported("numpy.ma.core") : NULL;
    find_type(&masked_array, masked, "MaskedArray");
    Py_XDECREF(masked);
}

static int is_a(PyTypeObject *type, PyTypeObject *base) {
    return base != NULL && PyType_IsSubtype(type, base);
}

int refuse_mask(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    if (type == array)
        return 0;
    find_types();
    if (!is_a(type, masked_array))
        return 0;
    PyErr_Format(PyExc_ValueError,
                 "expected an array without a mask, got %R, whose mask no protocol carries: pass x.filled(value), or "
                 "x.data to use the masked elements too",
                 type);
    return -1;
}

int is_ndarray(PyObject *object) {
    return Py_TYPE(object) == array || is_a(Py_TYPE(object), array);
}

PyObject *scalar_as_array(PyObject *object, int32_t via) {
    PyTypeObject *type = Py_TYPE(object);
    if (type == array || !is_a(type, scalar))
        return NULL;
    int has_true_buffer = !is_a(type, datetime) && !is_a(type, timedelta);
    if (has_true_buffer && (via == TB_VIA_ANY || via == TB_VIA_BUFFER))
        return NULL;
    return PyObject_CallMethod(object, "__array__", NULL);
}
