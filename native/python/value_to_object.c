/* Results of managed operations as Python objects. */
#include "core_module.h"

#include <string.h>

static PyObject *convert(tb_value *value);

static PyObject *big_integer(const tb_value *value) {
    char digits[512];
    if (value->text.length < 0 || value->text.length >= (int64_t)sizeof digits) {
        PyErr_SetString(PyExc_OverflowError, "an operation returned an integer of more than 511 digits");
        return NULL;
    }
    memcpy(digits, value->text.data, (size_t)value->text.length);
    digits[value->text.length] = '\0';
    return PyLong_FromString(digits, NULL, 10);
}

static PyObject *literal(const tb_value *value) {
    PyObject *text = PyUnicode_DecodeUTF8(value->text.data, value->text.length, NULL);
    const char *utf8 = text == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, NULL);
    PyObject *result = utf8 == NULL ? NULL : evaluate_literal(utf8);
    Py_XDECREF(text);
    return result;
}

static PyObject *sequence(tb_value *value) {
    int is_list = value->kind == TB_LIST;
    Py_ssize_t count = (Py_ssize_t)value->items.count;
    PyObject *result = is_list ? PyList_New(count) : PyTuple_New(count);
    for (Py_ssize_t i = 0; result != NULL && i < count; i++) {
        PyObject *item = convert(&value->items.data[i]);
        int failed = item == NULL ||
                     (is_list ? PyList_SetItem(result, i, item) : PyTuple_SetItem(result, i, item)) < 0;
        if (failed)
            Py_CLEAR(result);
    }
    return result;
}

static PyObject *dictionary(tb_value *value) {
    PyObject *result = PyDict_New();
    for (int64_t i = 0; result != NULL && i + 1 < value->items.count; i += 2) {
        PyObject *key = convert(&value->items.data[i]);
        PyObject *item = key == NULL ? NULL : convert(&value->items.data[i + 1]);
        if (item == NULL || PyDict_SetItem(result, key, item) < 0)
            Py_CLEAR(result);
        Py_XDECREF(key);
        Py_XDECREF(item);
    }
    return result;
}

static PyObject *take_tensor(tb_value *value) {
    value->kind = TB_NONE; /* tensor_new consumes the reference */
    return tensor_new(value->tensor.block);
}

static PyObject *convert(tb_value *value) {
    switch (value->kind) {
    case TB_NONE:
        return Py_NewRef(Py_None);
    case TB_BOOL:
        return PyBool_FromLong(value->integer != 0);
    case TB_INT:
        return PyLong_FromLongLong(value->integer);
    case TB_BIGINT:
        return big_integer(value);
    case TB_FLOAT:
        return PyFloat_FromDouble(value->number[0]);
    case TB_COMPLEX:
        return PyComplex_FromDoubles(value->number[0], value->number[1]);
    case TB_STR:
        return PyUnicode_DecodeUTF8(value->text.data, value->text.length, NULL);
    case TB_BYTES:
        return PyBytes_FromStringAndSize(value->text.data, value->text.length);
    case TB_LITERAL:
        return literal(value);
    case TB_LIST:
    case TB_TUPLE:
        return sequence(value);
    case TB_DICT:
        return dictionary(value);
    case TB_TENSOR:
        return take_tensor(value);
    case TB_OBJECT: {
        PyObject *object = value->object; /* the result's reference becomes the caller's */
        value->kind = TB_NONE;
        return object;
    }
    default:
        PyErr_Format(PyExc_RuntimeError, "an operation returned a value of the unknown kind %d", value->kind);
        return NULL;
    }
}

PyObject *value_to_object(tb_value *value) {
    PyObject *object = convert(value);
    tb_value_clear(value);
    return object;
}
