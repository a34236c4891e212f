/* __dlpack__ of a tensor: structs and capsules that hold a block of their own. */
#include "core_module.h"
#include "tensorbridge/dlpack.h"

#include <stdlib.h>

static const char LEGACY[] = "dltensor";
static const char VERSIONED[] = "dltensor_versioned";

/* ---- structs ------------------------------------------------------------------------------------------- */

static int element_stride(const tb_tensor *tensor, int32_t axis, int64_t *out) {
    int64_t stride = tensor->strides[axis];
    if (tensor->itemsize != 0 && stride % tensor->itemsize == 0) {
        *out = stride / tensor->itemsize;
        return 0;
    }
    *out = 1;
    return tensor->shape[axis] <= 1 ? 0 : -1; /* an axis of length 1 is never stepped along */
}

/* Elements of fewer than 8 bits that do not take a byte each. */
static int is_packed(const tb_dtype_info *info) {
    return info->dlpack_bits < 8 && !(info->dlpack_flags & DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED);
}

static int fill_strides(const tb_tensor *tensor, const tb_dtype_info *info, int64_t *out) {
    if (is_packed(info)) { /* dense, and several elements share a byte */
        uint64_t stride = 1; /* wraps at most where there are no elements */
        for (int32_t i = tensor->ndim - 1; i >= 0; i--) {
            out[i] = (int64_t)stride;
            stride *= tensor->shape[i] > 0 ? (uint64_t)tensor->shape[i] : 1;
        }
        return 0;
    }
    for (int32_t i = 0; i < tensor->ndim; i++) {
        if (element_stride(tensor, i, &out[i]) < 0) {
            PyErr_Format(PyExc_BufferError,
                         "DLPack counts strides in elements: %lld bytes on axis %d are no multiple of the item size %lld",
                         (long long)tensor->strides[i], i, (long long)tensor->itemsize);
            return -1;
        }
    }
    return 0;
}

int fill_dlpack_tensor(tb_block *block, DLTensor *out, int64_t *strides) {
    const tb_tensor *tensor = &block->tensor;
    dtype_entry *entry = dtype_get(tensor->dtype);
    if (entry == NULL)
        return -1;
    if (entry->info.dlpack_code < 0 || entry->info.swapped) {
        PyErr_Format(PyExc_BufferError, "DLPack has no type for %s ('%s')", entry->info.name, entry->info.typestr);
        return -1;
    }
    if (fill_strides(tensor, &entry->info, strides) < 0)
        return -1;
    /* Element 0 is at data itself, but nothing can be added to a handle (OpenCL). */
    out->data = (char *)tensor->data - tensor->handle_offset;
    out->device.device_type = tensor->device_type;
    out->device.device_id = tensor->device_id;
    out->ndim = tensor->ndim;
    out->dtype.code = (uint8_t)entry->info.dlpack_code;
    out->dtype.bits = (uint8_t)entry->info.dlpack_bits;
    out->dtype.lanes = (uint16_t)entry->info.dlpack_lanes;
    out->shape = tensor->shape;
    out->strides = strides;
    out->byte_offset = tensor->handle_offset;
    return 0;
}

typedef struct exported {
    union {
        DLManagedTensor legacy;
        DLManagedTensorVersioned versioned;
    };
    int64_t strides[];
} exported;

static void delete_legacy(DLManagedTensor *self) {
    if (self == NULL)
        return;
    tb_block_drop(self->manager_ctx);
    free(self);
}

static void delete_versioned(DLManagedTensorVersioned *self) {
    if (self == NULL)
        return;
    tb_block_drop(self->manager_ctx);
    free(self);
}

static exported *exported_new(const tb_block *block) {
    exported *self = calloc(1, sizeof *self + (size_t)block->tensor.ndim * sizeof(int64_t));
    if (self == NULL)
        PyErr_NoMemory();
    return self;
}

DLManagedTensorVersioned *export_dlpack_versioned(tb_block *block, uint64_t flags) {
    exported *self = exported_new(block);
    if (self == NULL)
        return NULL;
    if (fill_dlpack_tensor(block, &self->versioned.dl_tensor, self->strides) < 0) {
        free(self);
        return NULL;
    }
    if (block->tensor.flags & TB_READONLY)
        flags |= DLPACK_FLAG_BITMASK_READ_ONLY;
    self->versioned.version.major = DLPACK_MAJOR_VERSION;
    self->versioned.version.minor = DLPACK_MINOR_VERSION;
    self->versioned.flags = flags | (uint64_t)dtype_get(block->tensor.dtype)->info.dlpack_flags;
    self->versioned.manager_ctx = tb_block_ref(block);
    self->versioned.deleter = delete_versioned;
    return &self->versioned;
}

int check_needs_no_flags(const tb_block *block) {
    dtype_entry *entry = dtype_get(block->tensor.dtype);
    if (entry == NULL)
        return -1;
    const char *what = block->tensor.flags & TB_READONLY ? "the tensor is read-only"
                       : entry->info.dlpack_flags != 0   ? "the elements are padded to a byte each"
                                                         : NULL;
    if (what != NULL)
        PyErr_Format(PyExc_BufferError, "%s, which only DLPack's versioned struct can say: pass max_version=(1, 0) or higher",
                     what);
    return what == NULL ? 0 : -1;
}

static DLManagedTensor *export_legacy(tb_block *block) {
    if (check_needs_no_flags(block) < 0)
        return NULL;
    exported *self = exported_new(block);
    if (self == NULL)
        return NULL;
    if (fill_dlpack_tensor(block, &self->legacy.dl_tensor, self->strides) < 0) {
        free(self);
        return NULL;
    }
    self->legacy.manager_ctx = tb_block_ref(block);
    self->legacy.deleter = delete_legacy;
    return &self->legacy;
}

/* ---- capsules ------------------------------------------------------------------------------------------ */

/* Only a capsule that nobody consumed still has its first name. */
static void destroy_versioned_capsule(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, VERSIONED))
        return;
    saved_error error = save_error(); /* the memory's owner may run Python code */
    delete_versioned(PyCapsule_GetPointer(capsule, VERSIONED));
    restore_error(error);
}

static void destroy_legacy_capsule(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, LEGACY))
        return;
    saved_error error = save_error();
    delete_legacy(PyCapsule_GetPointer(capsule, LEGACY));
    restore_error(error);
}

static PyObject *versioned_capsule(tb_block *block, uint64_t flags) {
    DLManagedTensorVersioned *managed = export_dlpack_versioned(block, flags);
    if (managed == NULL)
        return NULL;
    PyObject *capsule = PyCapsule_New(managed, VERSIONED, destroy_versioned_capsule);
    if (capsule == NULL)
        delete_versioned(managed);
    return capsule;
}

static PyObject *legacy_capsule(tb_block *block) {
    DLManagedTensor *managed = export_legacy(block);
    if (managed == NULL)
        return NULL;
    PyObject *capsule = PyCapsule_New(managed, LEGACY, destroy_legacy_capsule);
    if (capsule == NULL)
        delete_legacy(managed);
    return capsule;
}

/* ---- arguments ----------------------------------------------------------------------------------------- */

static int parse_pair(PyObject *pair, const char *name, int64_t *first, int64_t *second) {
    if (!PyTuple_Check(pair) || PyTuple_Size(pair) != 2) {
        PyErr_Format(PyExc_TypeError, "%s is %R, expected None or a pair of integers", name, pair);
        return -1;
    }
    *first = PyLong_AsLongLong(PyTuple_GetItem(pair, 0));
    *second = PyErr_Occurred() ? 0 : PyLong_AsLongLong(PyTuple_GetItem(pair, 1));
    return PyErr_Occurred() ? -1 : 0;
}

int order_pending_work(const tb_tensor *tensor, int64_t consumer) {
    if (tensor->stream == 0 || tensor->stream == (uint64_t)consumer)
        return 0;
    const tb_managed_api *managed = require_managed();
    tb_error error;
    if (managed == NULL)
        return -1;
    if (managed->order_stream(tensor, consumer, &error) < 0) {
        raise_error(&error, 1);
        return -1;
    }
    return 0;
}

/* Makes the consumer's stream wait for what is pending on the tensor. */
static int order_stream(const tb_tensor *tensor, PyObject *stream) {
    int cuda = tensor->device_type == TB_DEVICE_CUDA || tensor->device_type == TB_DEVICE_CUDA_MANAGED;
    int rocm = tensor->device_type == TB_DEVICE_ROCM;
    if (!cuda && !rocm) {
        if (stream == Py_None)
            return 0;
        PyErr_Format(PyExc_ValueError, "stream is %R, memory of this device has no streams: pass None", stream);
        return -1;
    }
    int64_t consumer = stream == Py_None ? (cuda ? 1 : 0) : PyLong_AsLongLong(stream);
    if (PyErr_Occurred())
        return -1;
    if (consumer < -1 || (cuda && consumer == 0) || (rocm && (consumer == 1 || consumer == 2))) {
        PyErr_Format(PyExc_ValueError, "stream is %lld, which DLPack forbids for this device", (long long)consumer);
        return -1;
    }
    return consumer == -1 ? 0 : order_pending_work(tensor, consumer);
}

/* A new reference to the tensor to export: itself, a copy, or a copy on another device. */
static PyObject *place(PyObject *self, PyObject *device, PyObject *copy, int *copied) {
    *copied = 0;
    int64_t type = 0, id = 0;
    if (device != Py_None && parse_pair(device, "dl_device", &type, &id) < 0)
        return NULL;
    tb_block *block = tensor_block(self);
    if (block == NULL)
        return NULL;
    int32_t own_type = block->tensor.device_type, own_id = block->tensor.device_id;
    int elsewhere = device != Py_None && (type != own_type || id != own_id);
    if (!elsewhere && copy != Py_True)
        return Py_NewRef(self);
    if (elsewhere && (copy == Py_False || type != TB_DEVICE_CPU || id != 0)) {
        PyErr_Format(PyExc_BufferError, "the tensor is on DLPack device (%d, %d) and is not given out on (%lld, %lld)%s",
                     own_type, own_id, (long long)type, (long long)id,
                     copy == Py_False ? " without a copy" : "");
        return NULL;
    }
    *copied = 1;
    int host = own_type == TB_DEVICE_CPU || own_type == TB_DEVICE_CUDA_HOST || own_type == TB_DEVICE_ROCM_HOST;
    return call_operation(elsewhere && !host ? "to_host" : "copy", &self, 1);
}

static PyObject *export_capsule(PyObject *source, PyObject *stream, int64_t major, uint64_t flags) {
    tb_block *block = tensor_block(source);
    if (block == NULL)
        return NULL;
    tb_block_ref(block); /* what runs meanwhile may release the tensor */
    PyObject *capsule = NULL;
    if (order_stream(&block->tensor, stream) == 0)
        capsule = major >= 1 ? versioned_capsule(block, flags) : legacy_capsule(block);
    tb_block_drop_with_gil(block);
    return capsule;
}

/* Keywords only; a value stays None unless it is given. */
static int take_keywords(PyObject *const *arguments, Py_ssize_t count, PyObject *keywords, PyObject *const *known,
                         PyObject **values) {
    if (count != 0) {
        PyErr_Format(PyExc_TypeError, "__dlpack__() takes keyword arguments only (%zd positional given)", count);
        return -1;
    }
    Py_ssize_t given = keywords == NULL ? 0 : PyTuple_Size(keywords);
    for (Py_ssize_t i = 0; i < given; i++) {
        PyObject *name = PyTuple_GetItem(keywords, i);
        int k = 0;
        while (k < 4 && name != known[k] && PyUnicode_Compare(name, known[k]) != 0)
            k++;
        if (k == 4) {
            PyErr_Format(PyExc_TypeError, "__dlpack__() got an unexpected keyword argument '%U'", name);
            return -1;
        }
        values[k] = arguments[i];
    }
    return 0;
}

PyObject *tensor_dlpack(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords) {
    PyObject *const known[] = {names.max_version, names.stream, names.dl_device, names.copy};
    PyObject *values[] = {Py_None, Py_None, Py_None, Py_None};
    if (take_keywords(arguments, count, keywords, known, values) < 0)
        return NULL;
    PyObject *version = values[0], *stream = values[1], *device = values[2], *copy = values[3];
    drain_releases();
    int64_t major = 0, minor = 0;
    if (version != Py_None && parse_pair(version, "max_version", &major, &minor) < 0)
        return NULL;
    if (copy != Py_None && !PyBool_Check(copy)) {
        PyErr_Format(PyExc_TypeError, "copy is %R, expected None, True or False", copy);
        return NULL;
    }
    int copied;
    PyObject *source = place(self, device, copy, &copied);
    if (source == NULL)
        return NULL;
    PyObject *capsule = export_capsule(source, stream, major, copied ? DLPACK_FLAG_BITMASK_IS_COPIED : 0);
    Py_DECREF(source);
    return capsule;
}

PyObject *tensor_dlpack_device(PyObject *self, PyObject *Py_UNUSED(unused)) {
    tb_block *block = tensor_block(self);
    static PyObject *host; /* made once */
    if (block == NULL || (host == NULL && (host = Py_BuildValue("(ii)", TB_DEVICE_CPU, 0)) == NULL))
        return NULL;
    if (block->tensor.device_type == TB_DEVICE_CPU && block->tensor.device_id == 0)
        return Py_NewRef(host);
    return Py_BuildValue("(ii)", block->tensor.device_type, block->tensor.device_id);
}
