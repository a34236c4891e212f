/* __array_interface__ and __cuda_array_interface__ of a tensor, in the form that most importers can read. */
#include "core_module.h"

static int is_empty(const tb_tensor *tensor) {
    for (int32_t i = 0; i < tensor->ndim; i++) {
        if (tensor->shape[i] == 0)
            return 1;
    }
    return 0;
}

/* NumPy before 2.4 cannot read a null pointer, not even without elements. */
static PyObject *host_pointer(const tb_tensor *tensor) {
    static _Alignas(64) char nothing[64];
    return PyLong_FromVoidPtr(is_empty(tensor) && tensor->data == NULL ? nothing : tensor->data);
}

/* The CUDA array interface wants 0 there. */
static PyObject *device_pointer(const tb_tensor *tensor) {
    return is_empty(tensor) ? PyLong_FromLong(0) : PyLong_FromVoidPtr(tensor->data);
}

static PyObject *strides_or_none(const tb_tensor *tensor) {
    if (tensor->flags & TB_C_CONTIGUOUS)
        return Py_NewRef(Py_None);
    return int64_tuple(tensor->strides, tensor->ndim);
}

static int put(PyObject *dictionary, PyObject *key, PyObject *value) {
    int result = value == NULL ? -1 : PyDict_SetItem(dictionary, key, value);
    Py_XDECREF(value);
    return result;
}

static PyObject *interface(const tb_tensor *tensor, PyObject *pointer) {
    dtype_entry *entry = pointer == NULL ? NULL : dtype_get(tensor->dtype);
    PyObject *read_only = (tensor->flags & TB_READONLY) ? Py_True : Py_False;
    PyObject *pair = entry == NULL ? NULL : PyTuple_Pack(2, pointer, read_only);
    Py_XDECREF(pointer);
    PyObject *dictionary = pair == NULL ? NULL : PyDict_New();
    if (dictionary == NULL) {
        Py_XDECREF(pair);
        return NULL;
    }
    if (put(dictionary, names.data, pair) < 0 || put(dictionary, names.strides, strides_or_none(tensor)) < 0 ||
        put(dictionary, names.descr, dtype_descr(entry)) < 0 ||
        PyDict_SetItem(dictionary, names.typestr, entry->typestr) < 0 ||
        put(dictionary, names.shape, int64_tuple(tensor->shape, tensor->ndim)) < 0 ||
        put(dictionary, names.version, PyLong_FromLong(3)) < 0) {
        Py_DECREF(dictionary);
        return NULL;
    }
    return dictionary;
}

PyObject *tensor_array_interface(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    if (block == NULL)
        return NULL;
    int32_t device = block->tensor.device_type;
    if (device != TB_DEVICE_CPU && device != TB_DEVICE_CUDA_HOST && device != TB_DEVICE_ROCM_HOST) {
        PyErr_SetString(PyExc_AttributeError, "__array_interface__: the tensor is not in host memory");
        return NULL;
    }
    tb_block_ref(block); /* Python code that runs during a garbage collection may release the tensor */
    PyObject *dictionary = interface(&block->tensor, host_pointer(&block->tensor));
    tb_block_drop_with_gil(block);
    return dictionary;
}

PyObject *tensor_cuda_array_interface(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    if (block == NULL)
        return NULL;
    const tb_tensor *tensor = &block->tensor;
    if (tensor->device_type != TB_DEVICE_CUDA && tensor->device_type != TB_DEVICE_CUDA_MANAGED) {
        PyErr_SetString(PyExc_AttributeError, "__cuda_array_interface__: the tensor is not in CUDA memory");
        return NULL;
    }
    tb_block_ref(block);
    PyObject *dictionary = interface(tensor, device_pointer(tensor));
    PyObject *stream = tensor->stream == 0 ? Py_NewRef(Py_None) : PyLong_FromUnsignedLongLong(tensor->stream);
    if (dictionary != NULL && stream != NULL && PyDict_SetItem(dictionary, names.stream, stream) < 0)
        Py_CLEAR(dictionary);
    Py_XDECREF(stream);
    tb_block_drop_with_gil(block);
    return dictionary;
}
