/* Streams of other libraries as numbers. */
#include "core_module.h"

/* The attribute, or NULL without an exception where there is none. */
static PyObject *attribute(PyObject *object, const char *name) {
    PyObject *value = PyObject_GetAttrString(object, name);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError))
        PyErr_Clear();
    return value;
}

/* __cuda_stream__() answers (version, handle). */
static PyObject *from_protocol(PyObject *method) {
    PyObject *pair = PyObject_CallNoArgs(method);
    PyObject *handle = pair == NULL ? NULL : PySequence_GetItem(pair, 1);
    Py_XDECREF(pair);
    return handle;
}

/* The object that holds the number: a new reference, or NULL with an exception. */
static PyObject *handle_of(PyObject *object) {
    static const char *const names[] = {"ptr", "cuda_stream", "handle"}; /* CuPy, PyTorch, Numba */
    if (PyIndex_Check(object))
        return Py_NewRef(object);
    PyObject *method = attribute(object, "__cuda_stream__");
    if (method != NULL) {
        PyObject *handle = from_protocol(method);
        Py_DECREF(method);
        return handle;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names && !PyErr_Occurred(); i++) {
        PyObject *handle = attribute(object, names[i]);
        if (handle != NULL)
            return handle;
    }
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_TypeError, "expected a stream (an int, or an object of CuPy, PyTorch or Numba), got %R", object);
    return NULL;
}

/* A ctypes pointer holds its number, or None for 0, in value. */
static PyObject *number_of(PyObject *handle) {
    if (PyIndex_Check(handle))
        return PyNumber_Index(handle);
    PyObject *value = PyObject_GetAttrString(handle, "value");
    if (value == Py_None) {
        Py_DECREF(value);
        return PyLong_FromLong(0);
    }
    return value;
}

int stream_from_object(PyObject *object, long long *out) {
    PyObject *handle = handle_of(object);
    PyObject *number = handle == NULL ? NULL : number_of(handle);
    Py_XDECREF(handle);
    if (number == NULL)
        return -1;
    *out = PyLong_AsLongLong(number);
    Py_DECREF(number);
    if (*out == -1 && PyErr_Occurred())
        return -1;
    if (*out == 0)
        *out = 1; /* these libraries say 0 for the legacy default stream, which the protocols call 1 */
    return 0;
}
