/* Python objects as arguments of managed operations. */
#include "core_module.h"

#include <stdlib.h>
#include <string.h>

enum { OWNS_TEXT = 1, MAX_DEPTH = 16 };

static int from_any(PyObject *object, PyObject **keep, int depth, tb_value *out);

static int keep_alive(PyObject **keep, PyObject *object) {
    if (*keep == NULL && (*keep = PyList_New(0)) == NULL)
        return -1;
    return PyList_Append(*keep, object);
}

static int set_int(tb_value *out, PyObject *object) {
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow) {
        out->kind = TB_INT;
        out->integer = value;
        return value == -1 && PyErr_Occurred() ? -1 : 0;
    }
    PyObject *text = PyObject_Str(object); /* ValueError for thousands of digits, as Python has it */
    const char *digits = text == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, NULL);
    char *copy = digits == NULL ? NULL : strdup(digits);
    Py_XDECREF(text);
    if (copy == NULL) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        return -1;
    }
    out->kind = TB_BIGINT;
    out->reserved = OWNS_TEXT;
    out->text.data = copy;
    out->text.length = (int64_t)strlen(copy);
    return 0;
}

/* Objects that stand for an integer; NumPy's scalars, which have a buffer too, pass as tensors. */
static int set_index(tb_value *out, PyObject *object) {
    PyObject *integer = PyNumber_Index(object);
    int result = integer == NULL ? -1 : set_int(out, integer);
    Py_XDECREF(integer);
    return result;
}

static int set_str(tb_value *out, PyObject *object) {
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(object, &length);
    if (utf8 == NULL)
        return -1;
    out->kind = TB_STR;
    out->text.data = (char *)utf8;
    out->text.length = length;
    return 0;
}

static int set_bytes(tb_value *out, PyObject *object) {
    char *data;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(object, &data, &length) < 0)
        return -1;
    out->kind = TB_BYTES;
    out->text.data = data;
    out->text.length = length;
    return 0;
}

static int set_literal(tb_value *out, PyObject *object) {
    text_buffer text;
    text_init(&text);
    char *copy = NULL;
    if (write_literal(&text, object) == 0 && (copy = malloc(text.length + 1)) == NULL)
        PyErr_NoMemory();
    if (copy != NULL) {
        memcpy(copy, text.data, text.length);
        out->kind = TB_LITERAL;
        out->reserved = OWNS_TEXT;
        out->text.data = copy;
        out->text.length = (int64_t)text.length;
    }
    text_free(&text);
    return copy == NULL ? -1 : 0;
}

static int set_tensor(tb_value *out, PyObject *object) {
    static const tb_import_options options;
    tb_block *block;
    if (import_object(object, &options, &block) < 0)
        return -1;
    out->kind = TB_TENSOR;
    out->tensor.block = block;
    out->tensor.tensor = &block->tensor;
    return 0;
}

static int allocate_items(tb_value *out, int kind, Py_ssize_t count) {
    tb_value *items = calloc((size_t)count + 1, sizeof *items);
    if (items == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    out->kind = kind;
    out->items.data = items;
    out->items.count = count;
    return 0;
}

/* A list is copied first: other threads may change it while managed code runs without the GIL. */
static int set_items(tb_value *out, PyObject *object, PyObject **keep, int depth) {
    int kind = PyTuple_Check(object) ? TB_TUPLE : TB_LIST;
    PyObject *tuple = PySequence_Tuple(object);
    if (tuple == NULL)
        return -1;
    int result = keep_alive(keep, tuple);
    Py_DECREF(tuple);
    Py_ssize_t count = PyTuple_Size(tuple);
    if (result < 0 || allocate_items(out, kind, count) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (from_any(PyTuple_GetItem(tuple, i), keep, depth + 1, &out->items.data[i]) < 0)
            return -1;
    }
    return 0;
}

static int set_slice(tb_value *out, PyObject *slice) {
    static const char *const parts[] = {"start", "stop", "step"};
    if (allocate_items(out, TB_SLICE, 3) < 0)
        return -1;
    for (int i = 0; i < 3; i++) {
        PyObject *part = PyObject_GetAttrString(slice, parts[i]);
        PyObject *index = part == NULL || part == Py_None ? NULL : PyNumber_Index(part);
        int failed = part == NULL || (part != Py_None && index == NULL) ||
                     (index != NULL && set_int(&out->items.data[i], index) < 0);
        Py_XDECREF(part);
        Py_XDECREF(index);
        if (failed)
            return -1;
    }
    return 0;
}

static int from_any(PyObject *object, PyObject **keep, int depth, tb_value *out) {
    if (depth > MAX_DEPTH) {
        PyErr_SetString(PyExc_ValueError, "the argument is nested more than 16 levels deep");
        return -1;
    }
    if (object == Py_None)
        return 0;
    if (PyBool_Check(object)) {
        out->kind = TB_BOOL;
        out->integer = object == Py_True;
        return 0;
    }
    if (PyLong_Check(object))
        return set_int(out, object);
    if (PyFloat_Check(object)) {
        out->kind = TB_FLOAT;
        out->number[0] = PyFloat_AsDouble(object);
        return 0;
    }
    if (PyComplex_Check(object)) {
        out->kind = TB_COMPLEX;
        out->number[0] = PyComplex_RealAsDouble(object);
        out->number[1] = PyComplex_ImagAsDouble(object);
        return 0;
    }
    if (PyUnicode_Check(object))
        return set_str(out, object);
    if (PyBytes_Check(object))
        return set_bytes(out, object);
    if (is_tensor(object))
        return set_tensor(out, object);
    if (PyTuple_Check(object) || PyList_Check(object))
        return set_items(out, object, keep, depth);
    if (PyDict_Check(object))
        return set_literal(out, object);
    if (PySlice_Check(object))
        return set_slice(out, object);
    if (object == Py_Ellipsis) {
        out->kind = TB_ELLIPSIS;
        return 0;
    }
    if (PyIndex_Check(object) && !PyObject_CheckBuffer(object))
        return set_index(out, object);
    return set_tensor(out, object);
}

/* ---- declared kinds ------------------------------------------------------------------------------------ */

static int wrong(const parameter *parameter, const char *expected, PyObject *object) {
    PyErr_Format(PyExc_TypeError, "argument '%U' is %R, expected %s", parameter->name, object, expected);
    return -1;
}

static int from_int(PyObject *object, const parameter *parameter, tb_value *out) {
    if (!PyIndex_Check(object))
        return wrong(parameter, "an integer", object);
    PyObject *index = PyNumber_Index(object);
    int result = index == NULL ? -1 : set_int(out, index);
    Py_XDECREF(index);
    if (result == 0 && out->kind == TB_BIGINT) {
        value_release(out);
        PyErr_Format(PyExc_OverflowError, "argument '%U' is %R, beyond 64 bits", parameter->name, object);
        return -1;
    }
    return result;
}

static int from_float(PyObject *object, tb_value *out) {
    out->kind = TB_FLOAT;
    out->number[0] = PyFloat_AsDouble(object);
    return out->number[0] == -1.0 && PyErr_Occurred() ? -1 : 0;
}

static int from_shape(PyObject *object, const parameter *parameter, PyObject **keep, tb_value *out) {
    int single = PyIndex_Check(object) && !PyTuple_Check(object);
    if (!single && !PyTuple_Check(object) && !PyList_Check(object))
        return wrong(parameter, "a tuple of integers", object);
    PyObject *tuple = single ? PyTuple_Pack(1, object) : PySequence_Tuple(object);
    if (tuple == NULL)
        return -1;
    int result = keep_alive(keep, tuple);
    Py_ssize_t count = PyTuple_Size(tuple);
    if (result == 0)
        result = allocate_items(out, TB_TUPLE, count);
    for (Py_ssize_t i = 0; result == 0 && i < count; i++)
        result = from_int(PyTuple_GetItem(tuple, i), parameter, &out->items.data[i]);
    Py_DECREF(tuple);
    return result;
}

static int from_dtype(PyObject *object, PyObject **keep, tb_value *out) {
    PyObject *text = dtype_text(object);
    int result = text == NULL ? -1 : keep_alive(keep, text);
    if (result == 0)
        result = set_str(out, text);
    Py_XDECREF(text);
    return result;
}

static int from_stream(PyObject *object, tb_value *out) {
    long long handle;
    if (stream_from_object(object, &handle) < 0)
        return -1;
    out->kind = TB_INT;
    out->integer = handle;
    return 0;
}

/* What a copy reads: any array, and the values that NumPy makes one of. NumPy's scalars are arrays here: they have a type of their own. */
static int from_source(PyObject *object, PyObject **keep, tb_value *out) {
    int is_plain = PyLong_Check(object) || PyFloat_Check(object) || PyComplex_Check(object) || PyUnicode_Check(object) ||
                   PyList_Check(object) || PyTuple_Check(object);
    return is_plain && !PyObject_CheckBuffer(object) ? from_any(object, keep, 0, out) : set_tensor(out, object);
}

static int convert(PyObject *object, const parameter *parameter, PyObject **keep, tb_value *out) {
    switch (parameter->kind) {
    case PARAMETER_TENSOR:
        return set_tensor(out, object);
    case PARAMETER_INT:
        return from_int(object, parameter, out);
    case PARAMETER_FLOAT:
        return from_float(object, out);
    case PARAMETER_BOOL: {
        int truth = PyObject_IsTrue(object);
        out->kind = TB_BOOL;
        out->integer = truth;
        return truth < 0 ? -1 : 0;
    }
    case PARAMETER_STR:
        return PyUnicode_Check(object) ? set_str(out, object) : wrong(parameter, "a str", object);
    case PARAMETER_DTYPE:
        return from_dtype(object, keep, out);
    case PARAMETER_SHAPE:
        return from_shape(object, parameter, keep, out);
    case PARAMETER_OBJECT:
        out->kind = TB_OBJECT;
        out->object = object;
        return 0;
    case PARAMETER_STREAM:
        return from_stream(object, out);
    case PARAMETER_SOURCE:
        return from_source(object, keep, out);
    default:
        return from_any(object, keep, 0, out);
    }
}

int value_from_object(PyObject *object, const parameter *parameter, PyObject **keep, tb_value *out) {
    out->kind = TB_NONE;
    out->reserved = 0;
    int nothing = object == Py_None && (parameter->default_value == Py_None || parameter->kind == PARAMETER_ANY);
    return nothing ? 0 : convert(object, parameter, keep, out);
}

void value_release(tb_value *value) {
    switch (value->kind) {
    case TB_BIGINT:
    case TB_LITERAL:
        if (value->reserved == OWNS_TEXT)
            free(value->text.data);
        break;
    case TB_LIST:
    case TB_TUPLE:
    case TB_SLICE:
        for (int64_t i = 0; i < value->items.count; i++)
            value_release(&value->items.data[i]);
        free(value->items.data);
        break;
    case TB_TENSOR:
        tb_block_drop_with_gil(value->tensor.block);
        break;
    default:
        break;
    }
    value->kind = TB_NONE;
}
