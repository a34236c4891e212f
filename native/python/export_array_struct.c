/*
 * __array_struct__ of a tensor. NumPy asks for it before the dictionary, so it is refused wherever it says less:
 * dates lose their unit, text is overread, records lose their fields.
 */
#include "core_module.h"

#include <stdlib.h>

enum {
    ARRAY_C_CONTIGUOUS = 0x1,
    ARRAY_F_CONTIGUOUS = 0x2,
    ARRAY_ALIGNED = 0x100,
    ARRAY_NOTSWAPPED = 0x200,
    ARRAY_WRITEABLE = 0x400,
};

static void free_struct(PyObject *capsule) {
    free(PyCapsule_GetPointer(capsule, NULL));
    tb_block_drop_with_gil(PyCapsule_GetContext(capsule));
}

/* Aligned as NumPy means it: every element lies on a multiple of its own (component's) size. */
static int is_aligned(const tb_tensor *tensor, int kind) {
    int64_t unit = kind == 'c' ? tensor->itemsize / 2 : kind == 'S' ? 1 : tensor->itemsize;
    uint64_t bits = (uint64_t)(uintptr_t)tensor->data;
    for (int32_t i = 0; i < tensor->ndim; i++) {
        if (tensor->shape[i] > 1)
            bits |= (uint64_t)tensor->strides[i];
    }
    return unit <= 1 || (bits & (uint64_t)(unit - 1)) == 0;
}

static int32_t struct_flags(const tb_tensor *tensor, const dtype_entry *entry) {
    int32_t flags = entry->info.swapped ? 0 : ARRAY_NOTSWAPPED;
    if (tensor->flags & TB_C_CONTIGUOUS)
        flags |= ARRAY_C_CONTIGUOUS;
    if (tensor->flags & TB_F_CONTIGUOUS)
        flags |= ARRAY_F_CONTIGUOUS;
    if (!(tensor->flags & TB_READONLY))
        flags |= ARRAY_WRITEABLE;
    if (is_aligned(tensor, entry->info.struct_kind))
        flags |= ARRAY_ALIGNED;
    return flags;
}

PyObject *tensor_array_struct(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    dtype_entry *entry = block == NULL ? NULL : dtype_get(block->tensor.dtype);
    if (entry == NULL)
        return NULL;
    const tb_tensor *tensor = &block->tensor;
    int host = tensor->device_type == TB_DEVICE_CPU || tensor->device_type == TB_DEVICE_CUDA_HOST ||
               tensor->device_type == TB_DEVICE_ROCM_HOST;
    if (!host || entry->info.struct_kind == 0 || tensor->itemsize > INT32_MAX) {
        PyErr_Format(PyExc_AttributeError, "__array_struct__: cannot express %s%s", entry->info.name,
                     host ? "" : " outside host memory");
        return NULL;
    }
    tb_raw_array_struct *raw = calloc(1, sizeof *raw);
    if (raw == NULL)
        return PyErr_NoMemory();
    raw->two = 2;
    raw->nd = tensor->ndim;
    raw->typekind = (char)entry->info.struct_kind;
    raw->itemsize = (int32_t)tensor->itemsize;
    raw->flags = struct_flags(tensor, entry);
    raw->shape = tensor->shape;
    raw->strides = tensor->strides;
    raw->data = tensor->data;
    tb_block_ref(block);
    PyObject *capsule = PyCapsule_New(raw, NULL, free_struct);
    if (capsule != NULL) {
        PyCapsule_SetContext(capsule, block); /* cannot fail on a capsule of our own */
        return capsule;
    }
    free(raw);
    tb_block_drop_with_gil(block);
    return NULL;
}
