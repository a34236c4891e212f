/*
 * Python objects as literal text, which the managed side parses and validates with the code that also reads
 * dictionaries given as text. What is no literal is named: <type 'module.Name'>, <index 'numpy.int64' 3>,
 * <buffer ADDRESS LENGTH READONLY>.
 */
#include "core_module.h"

#include <string.h>

enum { MAX_DEPTH = 32, MAX_HEX_DIGITS = 3500 };

/* Where the array interface takes anything with __index__ the integer is written, elsewhere the type is named. */
enum index_style { INDEX_AS_INTEGER, INDEX_NAMED };

static int write_value(text_buffer *text, PyObject *object, enum index_style style, int depth);

static int write_type_name(text_buffer *text, PyObject *object) {
    PyObject *type = (PyObject *)Py_TYPE(object);
    PyObject *module = PyObject_GetAttrString(type, "__module__");
    PyObject *name = module != NULL ? PyType_GetQualName(Py_TYPE(object)) : NULL;
    PyObject *full = NULL;
    if (name != NULL) {
        int builtin = PyUnicode_Check(module) && PyUnicode_CompareWithASCIIString(module, "builtins") == 0;
        full = builtin ? Py_NewRef(name) : PyUnicode_FromFormat("%S.%U", module, name);
    }
    Py_ssize_t length = 0;
    const char *utf8 = full != NULL ? PyUnicode_AsUTF8AndSize(full, &length) : NULL;
    int result = -1;
    if (utf8 != NULL) {
        result = text_append_quoted(text, utf8, (size_t)length);
    } else if (PyErr_ExceptionMatches(PyExc_Exception)) {
        PyErr_Clear();
        result = text_append_string(text, "'object'");
    }
    Py_XDECREF(module);
    Py_XDECREF(name);
    Py_XDECREF(full);
    return result;
}

static int write_type(text_buffer *text, PyObject *object) {
    if (text_append_string(text, "<type ") < 0 || write_type_name(text, object) < 0)
        return -1;
    return text_append_string(text, ">");
}

/*
 * Beyond 64 bits in hexadecimal, which unlike str() has no limit of digits. What Python itself refuses to print is
 * replaced by a number that is just as far out of every range.
 */
static int write_large_integer(text_buffer *text, PyObject *integer, int negative) {
    PyObject *digits = PyNumber_ToBase(integer, 16);
    Py_ssize_t length = 0;
    const char *utf8 = digits == NULL ? NULL : PyUnicode_AsUTF8AndSize(digits, &length);
    int result = -1;
    if (utf8 != NULL && length <= MAX_HEX_DIGITS)
        result = text_append(text, utf8, (size_t)length);
    else if (utf8 != NULL)
        result = text_append_string(text, negative ? "-1000000000000000000000000" : "1000000000000000000000000");
    Py_XDECREF(digits);
    return result;
}

static int write_integer(text_buffer *text, PyObject *integer) {
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(integer, &overflow);
    if (overflow)
        return write_large_integer(text, integer, overflow < 0);
    return value == -1 && PyErr_Occurred() ? -1 : text_append_int64(text, value);
}

static int write_index(text_buffer *text, PyObject *object, enum index_style style) {
    PyObject *integer = PyNumber_Index(object);
    if (integer == NULL) {
        /* An array has the slot and refuses: no integer, so its type is what there is to say. */
        if (!PyErr_ExceptionMatches(PyExc_TypeError))
            return -1;
        PyErr_Clear();
        return write_type(text, object);
    }
    int result;
    if (style == INDEX_AS_INTEGER) {
        result = write_integer(text, integer);
    } else {
        result = text_append_string(text, "<index ");
        if (result == 0)
            result = write_type_name(text, object);
        if (result == 0)
            result = text_append_string(text, " ");
        if (result == 0)
            result = write_integer(text, integer);
        if (result == 0)
            result = text_append_string(text, ">");
    }
    Py_DECREF(integer);
    return result;
}

static int write_string(text_buffer *text, PyObject *string) {
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(string, &length);
    if (utf8 != NULL)
        return text_append_quoted(text, utf8, (size_t)length);
    if (!PyErr_ExceptionMatches(PyExc_UnicodeError))
        return -1;
    PyErr_Clear(); /* lone surrogates */
    PyObject *bytes = PyUnicode_AsEncodedString(string, "utf-8", "backslashreplace");
    if (bytes == NULL)
        return -1;
    int result = text_append_quoted(text, PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes));
    Py_DECREF(bytes);
    return result;
}

/* Tuples and lists. Sizes are asked again in every turn: __index__ of an entry may change a list. */
static int write_items(text_buffer *text, PyObject *sequence, enum index_style style, int depth) {
    int is_tuple = PyTuple_Check(sequence);
    if (text_append_string(text, is_tuple ? "(" : "[") < 0)
        return -1;
    Py_ssize_t i = 0;
    for (; i < (is_tuple ? PyTuple_Size(sequence) : PyList_Size(sequence)); i++) {
        PyObject *item = Py_XNewRef(is_tuple ? PyTuple_GetItem(sequence, i) : PyList_GetItem(sequence, i));
        if (item == NULL)
            return -1;
        int result = i > 0 ? text_append_string(text, ", ") : 0;
        if (result == 0)
            result = write_value(text, item, style, depth + 1);
        Py_DECREF(item);
        if (result < 0)
            return -1;
    }
    return text_append_string(text, is_tuple ? (i == 1 ? ",)" : ")") : "]");
}

static int write_dictionary(text_buffer *text, PyObject *dictionary, enum index_style style, int depth) {
    PyObject *items = PyDict_Items(dictionary); /* a snapshot: writing may run Python code */
    if (items == NULL)
        return -1;
    int result = text_append_string(text, "{");
    Py_ssize_t count = PyList_Size(items);
    for (Py_ssize_t i = 0; i < count && result == 0; i++) {
        PyObject *pair = PyList_GetItem(items, i);
        if (i > 0)
            result = text_append_string(text, ", ");
        if (result == 0)
            result = write_value(text, PyTuple_GetItem(pair, 0), style, depth + 1);
        if (result == 0)
            result = text_append_string(text, ": ");
        if (result == 0)
            result = write_value(text, PyTuple_GetItem(pair, 1), style, depth + 1);
    }
    Py_DECREF(items);
    return result < 0 ? -1 : text_append_string(text, "}");
}

static int write_value(text_buffer *text, PyObject *object, enum index_style style, int depth) {
    if (depth > MAX_DEPTH) {
        PyErr_SetString(PyExc_ValueError, "the value is nested more than 32 levels deep");
        return -1;
    }
    if (object == Py_None)
        return text_append_string(text, "None");
    if (object == Py_True || object == Py_False)
        return text_append_string(text, object == Py_True ? "True" : "False");
    if (PyLong_Check(object))
        return write_integer(text, object);
    if (PyUnicode_Check(object))
        return write_string(text, object);
    if (PyTuple_Check(object) || PyList_Check(object))
        return write_items(text, object, style, depth);
    if (PyDict_Check(object))
        return write_dictionary(text, object, style, depth);
    if (PyIndex_Check(object))
        return write_index(text, object, style);
    return write_type(text, object);
}

int write_literal(text_buffer *text, PyObject *object) {
    return write_value(text, object, INDEX_AS_INTEGER, 0);
}

/* ---- interface dictionaries ---------------------------------------------------------------------------- */

int write_buffer_value(text_buffer *text, PyObject *object, Py_buffer *view) {
    if (PyObject_GetBuffer(object, view, PyBUF_SIMPLE) < 0) {
        view->obj = NULL;
        return -1;
    }
    if (text_append_string(text, "<buffer ") < 0 || text_append_uint64(text, (uint64_t)(uintptr_t)view->buf) < 0 ||
        text_append_string(text, " ") < 0 || text_append_int64(text, view->len) < 0)
        return -1;
    return text_append_string(text, view->readonly ? " True>" : " False>");
}

/* (pointer, readonly): the second entry may be anything with a truth value. */
static int write_pointer_pair(text_buffer *text, PyObject *pair) {
    PyObject *pointer = PyTuple_GetItem(pair, 0);
    int read_only = PyObject_IsTrue(PyTuple_GetItem(pair, 1));
    if (read_only < 0 || text_append_string(text, "(") < 0 || write_value(text, pointer, INDEX_NAMED, 1) < 0)
        return -1;
    return text_append_string(text, read_only ? ", True)" : ", False)");
}

static int write_data(text_buffer *text, PyObject *data, PyObject *object, Py_buffer *view) {
    if (PyTuple_Check(data) && PyTuple_Size(data) == 2)
        return write_pointer_pair(text, data);
    if (data == Py_None && object != NULL && PyObject_CheckBuffer(object))
        return write_buffer_value(text, object, view);
    if (PyObject_CheckBuffer(data))
        return write_buffer_value(text, data, view);
    return write_value(text, data, INDEX_NAMED, 1);
}

int write_interface(text_buffer *text, PyObject *dictionary, PyObject *object, Py_buffer *view) {
    static const struct {
        PyObject **key;
        const char *text;
        enum index_style style;
    } keys[] = {
        {&names.shape, "'shape': ", INDEX_AS_INTEGER},     {&names.typestr, "'typestr': ", INDEX_NAMED},
        {&names.data, "'data': ", INDEX_NAMED},            {&names.strides, "'strides': ", INDEX_AS_INTEGER},
        {&names.descr, "'descr': ", INDEX_AS_INTEGER},     {&names.offset, "'offset': ", INDEX_AS_INTEGER},
        {&names.version, "'version': ", INDEX_AS_INTEGER}, {&names.mask, "'mask': ", INDEX_NAMED},
        {&names.stream, "'stream': ", INDEX_NAMED},
    };
    int first = 1;
    if (text_append_string(text, "{") < 0)
        return -1;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        PyObject *value = Py_XNewRef(PyDict_GetItemWithError(dictionary, *keys[i].key));
        if (value == NULL) {
            if (PyErr_Occurred())
                return -1;
            continue;
        }
        int result = first ? 0 : text_append(text, ", ", 2);
        first = 0;
        if (result == 0)
            result = text_append_string(text, keys[i].text);
        if (result == 0)
            result = keys[i].key == &names.data ? write_data(text, value, object, view)
                                                : write_value(text, value, keys[i].style, 1);
        Py_DECREF(value);
        if (result < 0)
            return -1;
    }
    return text_append_string(text, "}");
}
