/* The buffer protocol of a tensor. */
#include "core_module.h"

#include <string.h>

static int refuse(const char *message) {
    PyErr_SetString(PyExc_BufferError, message);
    return -1;
}

static int is_host(const tb_tensor *tensor) {
    return tensor->device_type == TB_DEVICE_CPU || tensor->device_type == TB_DEVICE_CUDA_HOST ||
           tensor->device_type == TB_DEVICE_ROCM_HOST;
}

static int check_request(const tb_tensor *tensor, int flags) {
    int c = (tensor->flags & TB_C_CONTIGUOUS) != 0;
    int f = (tensor->flags & TB_F_CONTIGUOUS) != 0;
    if (!is_host(tensor))
        return refuse("the tensor is not in host memory; copy it there first");
    if ((flags & PyBUF_WRITABLE) && (tensor->flags & TB_READONLY))
        return refuse("the tensor is read-only");
    if ((flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS && !c)
        return refuse("the tensor is not C-contiguous; call ascontiguousarray() first");
    if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS && !f)
        return refuse("the tensor is not Fortran-contiguous; call asfortranarray() first");
    if ((flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS && !c && !f)
        return refuse("the tensor is not contiguous; call ascontiguousarray() first");
    if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES && !c)
        return refuse("the tensor is not C-contiguous and the request does not ask for strides");
    return 0;
}

int tensor_getbuffer(PyObject *self, Py_buffer *view, int flags) {
    if (view == NULL) {
        PyErr_SetString(PyExc_BufferError, "a NULL view was given");
        return -1;
    }
    view->obj = NULL;
    tb_block *block = tensor_block(self);
    if (block == NULL || check_request(&block->tensor, flags) < 0)
        return -1;
    const tb_tensor *tensor = &block->tensor;
    dtype_entry *entry = dtype_get(tensor->dtype);
    if (entry == NULL)
        return -1;
    if ((flags & PyBUF_FORMAT) && entry->info.format == NULL) {
        PyErr_Format(PyExc_BufferError, "the buffer protocol has no format for %s", entry->info.name);
        return -1;
    }
    int with_shape = (flags & PyBUF_ND) != 0 && tensor->ndim != 0;
    view->buf = tensor->data;
    view->len = element_count(tensor) * tensor->itemsize;
    view->itemsize = tensor->itemsize;
    view->readonly = (tensor->flags & TB_READONLY) != 0;
    view->ndim = (flags & PyBUF_ND) ? tensor->ndim : 1;
    view->format = (flags & PyBUF_FORMAT) ? (char *)entry->info.format : NULL;
    view->shape = with_shape ? (Py_ssize_t *)tensor->shape : NULL;
    view->strides = with_shape && (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? (Py_ssize_t *)tensor->strides : NULL;
    view->suboffsets = NULL;
    view->internal = tb_block_ref(block);
    view->obj = Py_NewRef(self);
    return 0;
}

void tensor_releasebuffer(PyObject *Py_UNUSED(self), Py_buffer *view) {
    tb_block_drop_with_gil(view->internal);
    view->internal = NULL;
}
