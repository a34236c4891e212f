/* The functions that make tensors: asarray, from_array_interface, from_pointer, frombuffer, from_dlpack. */
#include "core_module.h"

#include <stdio.h>
#include <string.h>

/* ---- copy= and dtype= ---------------------------------------------------------------------------------- */

static int check_copy(PyObject *copy) {
    if (copy == NULL || copy == Py_None || PyBool_Check(copy))
        return 0;
    PyErr_Format(PyExc_TypeError, "copy is %R, expected None, True or False", copy);
    return -1;
}

/* 1 when the tensor has the element type that the text names, 0 when not, -1 with an exception. */
static int has_dtype(tb_block *block, PyObject *text) {
    dtype_entry *entry = dtype_get(block->tensor.dtype);
    if (entry == NULL)
        return -1;
    if (PyUnicode_Compare(text, entry->typestr) == 0)
        return 1;
    return !entry->info.swapped && PyUnicode_CompareWithASCIIString(text, entry->info.name) == 0;
}

/* Names ('float32') as typestrs; what has the form of one already is left to the validator. */
static PyObject *typestr_of(PyObject *type) {
    PyObject *text = dtype_text(type);
    Py_ssize_t length;
    const char *utf8 = text == NULL ? NULL : PyUnicode_AsUTF8AndSize(text, &length);
    if (utf8 == NULL) {
        Py_XDECREF(text);
        return NULL;
    }
    if (length > 0 && strchr("<>|=", *utf8) != NULL)
        return text;
    PyObject *typestr = call_operation("_typestr", &text, 1);
    Py_DECREF(text);
    return typestr;
}

/* As has_dtype, for every spelling ('=f4', 'double'). */
static int is_spelling_of_dtype(tb_block *block, PyObject *text) {
    int same = has_dtype(block, text);
    if (same != 0)
        return same;
    PyObject *typestr = call_operation("_typestr", &text, 1);
    same = typestr == NULL ? -1 : has_dtype(block, typestr);
    Py_XDECREF(typestr);
    return same;
}

static PyObject *convert(PyObject *tensor, PyObject *copy, PyObject *text) {
    if (copy == Py_False) {
        PyErr_Format(PyExc_ValueError, "the elements are '%U', '%U' was asked for: that needs a copy, which copy=False forbids",
                     dtype_get(((Tensor *)tensor)->block->tensor.dtype)->typestr, text);
        return NULL;
    }
    PyObject *arguments[] = {tensor, text};
    return call_operation("astype", arguments, 2);
}

PyObject *apply_copy(tb_block *block, PyObject *copy, PyObject *dtype) {
    PyObject *tensor = tensor_new(block);
    if (tensor == NULL || (copy != Py_True && (dtype == NULL || dtype == Py_None)))
        return tensor;
    PyObject *result = NULL;
    if (dtype == NULL || dtype == Py_None) {
        result = call_operation("copy", &tensor, 1);
    } else {
        PyObject *text = dtype_text(dtype);
        int same = text == NULL ? -1 : is_spelling_of_dtype(block, text);
        if (same == 0)
            result = convert(tensor, copy, text);
        else if (same > 0)
            result = copy == Py_True ? call_operation("copy", &tensor, 1) : Py_NewRef(tensor);
        Py_XDECREF(text);
    }
    Py_DECREF(tensor);
    return result;
}

/* ---- asarray ------------------------------------------------------------------------------------------- */

typedef struct asarray_arguments {
    PyObject *object, *dtype, *copy, *via;
} asarray_arguments;

static int take_keyword(asarray_arguments *out, PyObject *name, PyObject *value) {
    if (PyUnicode_CompareWithASCIIString(name, "copy") == 0)
        out->copy = value;
    else if (PyUnicode_CompareWithASCIIString(name, "via") == 0)
        out->via = value;
    else if (PyUnicode_CompareWithASCIIString(name, "dtype") == 0 && out->dtype == NULL)
        out->dtype = value;
    else if (PyUnicode_CompareWithASCIIString(name, "x") == 0 && out->object == NULL)
        out->object = value;
    else {
        PyErr_Format(PyExc_TypeError, "asarray() got an unexpected or repeated keyword argument '%U'", name);
        return -1;
    }
    return 0;
}

static int parse_asarray(PyObject *const *arguments, Py_ssize_t count, PyObject *keywords, asarray_arguments *out) {
    if (count > 2) {
        PyErr_Format(PyExc_TypeError, "asarray() takes at most 2 positional arguments (%zd given)", count);
        return -1;
    }
    if (count > 0)
        out->object = arguments[0];
    if (count > 1)
        out->dtype = arguments[1];
    Py_ssize_t keyword_count = keywords == NULL ? 0 : PyTuple_Size(keywords);
    for (Py_ssize_t i = 0; i < keyword_count; i++) {
        if (take_keyword(out, PyTuple_GetItem(keywords, i), arguments[count + i]) < 0)
            return -1;
    }
    if (out->object == NULL) {
        PyErr_SetString(PyExc_TypeError, "asarray() missing required argument 'x'");
        return -1;
    }
    return check_copy(out->copy);
}

PyObject *module_asarray(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count, PyObject *keywords) {
    asarray_arguments parsed = {NULL, NULL, NULL, NULL};
    if (parse_asarray(arguments, count, keywords, &parsed) < 0)
        return NULL;
    if (is_tensor(parsed.object) && parsed.copy != Py_True && (parsed.dtype == NULL || parsed.dtype == Py_None))
        return parse_via(parsed.via, &(int32_t){0}) < 0 || tensor_block(parsed.object) == NULL ? NULL : Py_NewRef(parsed.object);
    tb_import_options options = {TB_VIA_ANY, 0, 0};
    tb_block *block;
    if (parse_via(parsed.via, &options.via) < 0 || import_object(parsed.object, &options, &block) < 0)
        return NULL;
    return apply_copy(block, parsed.copy, parsed.dtype);
}

/* ---- from_array_interface ------------------------------------------------------------------------------ */

static int import_text(PyObject *text, PyObject *owner, tb_block **out) {
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &length);
    tb_block *block = utf8 == NULL ? NULL : interface_block_new(owner, NULL);
    if (block == NULL)
        return -1;
    if (interface_block_fill(block, utf8, (size_t)length, TB_USER_TEXT) < 0) {
        tb_block_drop_with_gil(block);
        return -1;
    }
    *out = block;
    return 0;
}

PyObject *module_from_array_interface(PyObject *Py_UNUSED(module), PyObject *arguments, PyObject *keywords) {
    static char *names_of[] = {"interface", "owner", "copy", NULL};
    PyObject *interface, *owner = Py_None, *copy = Py_None;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O$O:from_array_interface", names_of, &interface, &owner, &copy) ||
        check_copy(copy) < 0)
        return NULL;
    drain_releases();
    PyObject *kept = owner == Py_None ? NULL : owner;
    tb_block *block;
    int result;
    if (PyDict_Check(interface)) {
        result = import_dictionary(interface, kept, TB_ARRAY_INTERFACE, &block) == IMPORTED ? 0 : -1;
    } else if (PyUnicode_Check(interface)) {
        result = import_text(interface, kept, &block);
    } else {
        PyErr_Format(PyExc_TypeError, "expected an interface dictionary or its text, got %R; use asarray() for arrays",
                     Py_TYPE(interface));
        result = -1;
    }
    return result < 0 ? NULL : apply_copy(block, copy, NULL);
}

/* ---- from_pointer, frombuffer -------------------------------------------------------------------------- */

static int write_key(text_buffer *text, const char *key, PyObject *value) {
    if (text_append_string(text, ", '") < 0 || text_append_string(text, key) < 0 || text_append_string(text, "': ") < 0)
        return -1;
    return write_literal(text, value);
}

/* A tuple of lengths or strides; a single integer and a list are taken too, since this is no protocol dictionary. */
static int write_axes(text_buffer *text, const char *key, PyObject *axes) {
    if (axes == Py_None)
        return 0;
    PyObject *tuple;
    if (PyTuple_Check(axes) || PyList_Check(axes)) {
        tuple = PySequence_Tuple(axes);
    } else if (PyIndex_Check(axes)) {
        tuple = PyTuple_Pack(1, axes);
    } else {
        PyErr_Format(PyExc_TypeError, "%s is %R, expected a tuple of integers", key, axes);
        return -1;
    }
    int result = tuple == NULL ? -1 : write_key(text, key, tuple);
    Py_XDECREF(tuple);
    return result;
}

static int write_description(text_buffer *text, PyObject *type, PyObject *shape, PyObject *strides) {
    PyObject *typestr = typestr_of(type);
    int result = typestr == NULL ? -1 : write_key(text, "typestr", typestr);
    Py_XDECREF(typestr);
    if (result == 0)
        result = write_axes(text, "shape", shape);
    return result < 0 ? -1 : write_axes(text, "strides", strides);
}

/* Consumes the block's reference when it fails. */
static int fill_and_free(tb_block *block, text_buffer *text, int written, int32_t kind) {
    int result = written;
    if (result == 0)
        result = text_append_string(text, "}");
    if (result == 0)
        result = interface_block_fill(block, text->data, text->length, kind);
    text_free(text);
    if (result < 0)
        tb_block_drop_with_gil(block);
    return result;
}

static int write_pointer(text_buffer *text, PyObject *pointer, int read_only) {
    if (!PyIndex_Check(pointer)) {
        PyErr_Format(PyExc_TypeError, "ptr is %R, expected an integer address", pointer);
        return -1;
    }
    PyObject *integer = PyNumber_Index(pointer);
    int result = integer == NULL ? -1 : text_append_string(text, "{'data': (");
    if (result == 0)
        result = write_literal(text, integer);
    Py_XDECREF(integer);
    return result < 0 ? -1 : text_append_string(text, read_only ? ", True)" : ", False)");
}

PyObject *module_from_pointer(PyObject *Py_UNUSED(module), PyObject *arguments, PyObject *keywords) {
    static char *names_of[] = {"ptr", "typestr", "shape", "strides", "readonly", "owner", "copy", NULL};
    PyObject *pointer, *type, *shape, *strides = Py_None, *owner = Py_None, *copy = Py_False;
    int read_only = 0;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OOO|OpOO:from_pointer", names_of, &pointer, &type, &shape,
                                     &strides, &read_only, &owner, &copy) ||
        check_copy(copy) < 0)
        return NULL;
    drain_releases();
    tb_block *block = interface_block_new(owner == Py_None ? NULL : owner, NULL);
    if (block == NULL)
        return NULL;
    text_buffer text;
    text_init(&text);
    int written = write_pointer(&text, pointer, read_only);
    if (written == 0)
        written = write_description(&text, type, shape, strides);
    return fill_and_free(block, &text, written, TB_ARRAY_INTERFACE) < 0 ? NULL : apply_copy(block, copy, NULL);
}

PyObject *module_frombuffer(PyObject *Py_UNUSED(module), PyObject *arguments, PyObject *keywords) {
    static char *names_of[] = {"buf", "typestr", "shape", "offset", "strides", NULL};
    PyObject *buffer, *type, *shape = Py_None, *offset = NULL, *strides = Py_None;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OO|OOO:frombuffer", names_of, &buffer, &type, &shape, &offset,
                                     &strides))
        return NULL;
    drain_releases();
    tb_block *block = interface_block_new(NULL, NULL);
    if (block == NULL)
        return NULL;
    text_buffer text;
    text_init(&text);
    int written = text_append_string(&text, "{'data': ");
    if (written == 0)
        written = write_buffer_value(&text, buffer, &interface_payload_of(block)->view);
    if (written == 0)
        written = write_description(&text, type, shape, strides);
    if (written == 0 && offset != NULL)
        written = write_key(&text, "offset", offset);
    return fill_and_free(block, &text, written, TB_FROM_BUFFER) < 0 ? NULL : tensor_new(block);
}

/* ---- from_dlpack --------------------------------------------------------------------------------------- */

/* The same memory, not writable; the block's reference is consumed. */
static tb_block *as_read_only(tb_block *block) {
    if (block->tensor.flags & TB_READONLY)
        return block;
    tb_block *view = tb_block_view(&block->tensor, block);
    tb_block_drop_with_gil(block);
    if (view == NULL)
        PyErr_NoMemory();
    else
        view->tensor.flags |= TB_READONLY;
    return view;
}

/* 'cpu', 'cuda:1' or DLPack's pair, as a pair: a new reference; None stays None. */
static PyObject *device_pair(PyObject *device) {
    if (device == Py_None || PyTuple_Check(device))
        return Py_NewRef(device);
    const char *text = PyUnicode_Check(device) ? PyUnicode_AsUTF8AndSize(device, NULL) : NULL;
    if (text != NULL && strcmp(text, "cpu") == 0)
        return Py_BuildValue("(ii)", TB_DEVICE_CPU, 0);
    int id = 0;
    char rest;
    if (text != NULL && (strcmp(text, "cuda") == 0 || sscanf(text, "cuda:%d%c", &id, &rest) == 1))
        return Py_BuildValue("(ii)", TB_DEVICE_CUDA, id);
    if (!PyErr_Occurred())
        PyErr_Format(PyUnicode_Check(device) ? PyExc_ValueError : PyExc_TypeError,
                     "device is %R, expected None, 'cpu', 'cuda', 'cuda:1' or DLPack's pair", device);
    return NULL;
}

static int import_for_from_dlpack(PyObject *object, PyObject *device, PyObject *copy, int writable, tb_block **out) {
    if (device == Py_None && PyCapsule_CheckExact(object))
        return import_dlpack_capsule(object, 0, writable, out) == IMPORTED ? 0 : -1;
    if (device == Py_None) {
        tb_import_options options = {TB_VIA_DLPACK, writable, 0};
        return import_object(object, &options, out);
    }
    int result = import_dlpack_to(object, device, copy == Py_True ? Py_None : copy, writable, out);
    if (result == ABSENT)
        PyErr_Format(PyExc_TypeError, "%R has no __dlpack__", Py_TYPE(object));
    return result == IMPORTED ? 0 : -1;
}

/* A copy that the producer made for this import serves copy=True and breaks copy=False; consumes the block. */
static PyObject *finish_from_dlpack(tb_block *block, PyObject *copy, int writable) {
    if (copy != Py_None && dlpack_was_copied(block)) {
        if (copy == Py_False) {
            tb_block_drop_with_gil(block);
            PyErr_SetString(PyExc_BufferError, "the producer made a copy, which copy=False forbids");
            return NULL;
        }
        if (!(block->tensor.flags & TB_READONLY))
            copy = Py_None;
    }
    if (!writable && (block = as_read_only(block)) == NULL)
        return NULL;
    return apply_copy(block, copy, NULL);
}

typedef struct from_dlpack_arguments {
    PyObject *object, *device, *copy, *writable;
} from_dlpack_arguments;

static int parse_from_dlpack(PyObject *const *arguments, Py_ssize_t count, PyObject *keywords, from_dlpack_arguments *out) {
    PyObject *const known[] = {names.x, names.device, names.copy, names.writable};
    PyObject **values[] = {&out->object, &out->device, &out->copy, &out->writable};
    if (count > 3) {
        PyErr_Format(PyExc_TypeError, "from_dlpack() takes at most 3 positional arguments (%zd given)", count);
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++)
        *values[i] = arguments[i];
    Py_ssize_t given = keywords == NULL ? 0 : PyTuple_Size(keywords);
    for (Py_ssize_t i = 0; i < given; i++) {
        PyObject *name = PyTuple_GetItem(keywords, i);
        int k = 0;
        while (k < 4 && PyUnicode_Compare(name, known[k]) != 0)
            k++;
        if (k == 4 || k < count) {
            PyErr_Format(PyExc_TypeError, "from_dlpack() got an unexpected or repeated keyword argument '%U'", name);
            return -1;
        }
        *values[k] = arguments[count + i];
    }
    if (out->object == NULL) {
        PyErr_SetString(PyExc_TypeError, "from_dlpack() missing required argument 'x'");
        return -1;
    }
    if (out->writable != Py_None && !PyBool_Check(out->writable)) {
        PyErr_Format(PyExc_TypeError, "writable is %R, expected None, True or False", out->writable);
        return -1;
    }
    return check_copy(out->copy);
}

PyObject *module_from_dlpack(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count, PyObject *keywords) {
    from_dlpack_arguments parsed = {NULL, Py_None, Py_None, Py_None};
    if (parse_from_dlpack(arguments, count, keywords, &parsed) < 0)
        return NULL;
    drain_releases();
    PyObject *pair = device_pair(parsed.device);
    tb_block *block = NULL;
    int result = pair == NULL ? -1
                              : import_for_from_dlpack(parsed.object, pair, parsed.copy, parsed.writable == Py_True, &block);
    Py_XDECREF(pair);
    if (result < 0)
        return NULL;
    return finish_from_dlpack(block, parsed.copy, parsed.writable != Py_False);
}
