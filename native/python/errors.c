/* Errors between the managed side and Python. */
#include "core_module.h"

#include <stdio.h>
#include <string.h>

static PyObject *exception_type(int32_t kind, int exchange) {
    switch (kind) {
    case TB_VALUE_ERROR:
        return PyExc_ValueError;
    case TB_TYPE_ERROR:
        return PyExc_TypeError;
    case TB_BUFFER_ERROR:
        return PyExc_BufferError;
    case TB_OVERFLOW_ERROR:
        return PyExc_OverflowError;
    case TB_INDEX_ERROR:
        return PyExc_IndexError;
    case TB_MEMORY_ERROR:
        return PyExc_MemoryError;
    case TB_KEYBOARD_INTERRUPT:
        return PyExc_KeyboardInterrupt;
    case TB_NOT_IMPLEMENTED_ERROR:
        return PyExc_NotImplementedError;
    case TB_KEY_ERROR:
        return PyExc_KeyError;
    case TB_FILE_NOT_FOUND_ERROR:
        return PyExc_FileNotFoundError;
    case TB_OS_ERROR:
        return PyExc_OSError;
    case TB_ATTRIBUTE_ERROR:
        return PyExc_AttributeError;
    case TB_IMPORT_ERROR:
        return PyExc_ImportError;
    case TB_UNSUPPORTED:
        return exchange ? PyExc_BufferError : PyExc_TypeError;
    case TB_DEVICE_ERROR:
        return exchange ? PyExc_BufferError : PyExc_RuntimeError;
    default:
        return PyExc_RuntimeError;
    }
}

void raise_error(const tb_error *error, int exchange) {
    /* A signal handler that raised during the call has left its exception on this thread. */
    if (PyErr_Occurred() == NULL)
        PyErr_SetString(exception_type(error->kind, exchange), error->message);
}

int is_refusal(void) {
    return PyErr_ExceptionMatches(PyExc_BufferError) || PyErr_ExceptionMatches(PyExc_TypeError) ||
           PyErr_ExceptionMatches(PyExc_ValueError) || PyErr_ExceptionMatches(PyExc_RuntimeError);
}

static int32_t kind_of(PyObject *exception) {
    static const struct {
        PyObject **type;
        int32_t kind;
    } kinds[] = {
        {&PyExc_KeyboardInterrupt, TB_KEYBOARD_INTERRUPT},
        {&PyExc_MemoryError, TB_MEMORY_ERROR},
        {&PyExc_NotImplementedError, TB_NOT_IMPLEMENTED_ERROR},
        {&PyExc_OverflowError, TB_OVERFLOW_ERROR},
        {&PyExc_BufferError, TB_BUFFER_ERROR},
        {&PyExc_FileNotFoundError, TB_FILE_NOT_FOUND_ERROR},
        {&PyExc_OSError, TB_OS_ERROR},
        {&PyExc_IndexError, TB_INDEX_ERROR},
        {&PyExc_KeyError, TB_KEY_ERROR},
        {&PyExc_AttributeError, TB_ATTRIBUTE_ERROR},
        {&PyExc_ImportError, TB_IMPORT_ERROR},
        {&PyExc_TypeError, TB_TYPE_ERROR},
        {&PyExc_ValueError, TB_VALUE_ERROR},
        {&PyExc_RuntimeError, TB_RUNTIME_ERROR},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (PyErr_GivenExceptionMatches(exception, *kinds[i].type))
            return kinds[i].kind;
    }
    return TB_PYTHON_ERROR;
}

static void describe(PyObject *exception, int with_type, char *out, size_t size) {
    PyObject *name = PyType_GetName(Py_TYPE(exception));
    PyObject *message = PyObject_Str(exception);
    const char *name_text = name != NULL ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;
    const char *message_text = message != NULL ? PyUnicode_AsUTF8AndSize(message, NULL) : NULL;
    if (name_text == NULL)
        name_text = "exception";
    if (message_text == NULL)
        message_text = "";
    if (with_type || *message_text == '\0')
        snprintf(out, size, "%s%s%s", name_text, *message_text != '\0' ? ": " : "", message_text);
    else
        snprintf(out, size, "%s", message_text);
    PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(message);
}

void fetch_error(tb_error *error) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (type == NULL) {
        error->kind = TB_RUNTIME_ERROR;
        snprintf(error->message, sizeof error->message, "an error without an exception");
        return;
    }
    PyErr_NormalizeException(&type, &value, &traceback);
    error->kind = kind_of(value);
    describe(value, error->kind == TB_PYTHON_ERROR, error->message, sizeof error->message);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}
