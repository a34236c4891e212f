/* __dlpack_c_exchange_api__: DLPack 1.3's table for exchange without capsules. */
#include "core_module.h"
#include "tensorbridge/dlpack.h"

#include <stdlib.h>

/* ---- allocation ---------------------------------------------------------------------------------------- */

static void free_allocated(DLManagedTensorVersioned *self) {
    free(self->dl_tensor.data);
    free(self);
}

/* Bytes of a dense tensor, or -1 when the prototype is impossible. */
static int64_t payload_size(const DLTensor *prototype) {
    if (prototype->ndim < 0 || prototype->ndim > TB_MAX_NDIM || prototype->dtype.lanes != 1)
        return -1;
    int64_t bits = prototype->dtype.bits;
    if (prototype->ndim > 0 && prototype->shape == NULL)
        return -1;
    int empty = 0;
    for (int32_t i = 0; i < prototype->ndim; i++) {
        if (prototype->shape[i] < 0)
            return -1;
        empty |= prototype->shape[i] == 0;
    }
    if (empty)
        return 0;
    for (int32_t i = 0; i < prototype->ndim; i++) {
        if (__builtin_mul_overflow(bits, prototype->shape[i], &bits))
            return -1;
    }
    return bits > INT64_MAX - 7 ? -1 : (bits + 7) / 8;
}

static int allocate(DLTensor *prototype, DLManagedTensorVersioned **out, void *context,
                    void (*set_error)(void *, const char *, const char *)) {
    if (prototype->device.device_type != kDLCPU) {
        set_error(context, "BufferError", "tensorbridge allocates host memory only through this table");
        return -1;
    }
    int64_t size = payload_size(prototype);
    if (size < 0) {
        set_error(context, "ValueError", "the prototype has an impossible shape, rank or type");
        return -1;
    }
    size_t ndim = (size_t)prototype->ndim;
    DLManagedTensorVersioned *self = calloc(1, sizeof *self + 2 * ndim * sizeof(int64_t));
    size_t aligned_size = (size_t)size > SIZE_MAX / 2 ? SIZE_MAX / 2 : ((size_t)size + 255) / 256 * 256;
    void *data = self == NULL ? NULL : aligned_alloc(256, aligned_size != 0 ? aligned_size : 256);
    if (data == NULL) {
        free(self);
        set_error(context, "MemoryError", "out of memory");
        return -1;
    }
    int64_t *shape = (int64_t *)(self + 1);
    int64_t *strides = shape + ndim;
    uint64_t stride = 1; /* wraps at most where there are no elements */
    for (size_t i = ndim; i-- > 0;) {
        shape[i] = prototype->shape[i];
        strides[i] = (int64_t)stride;
        stride *= shape[i] > 0 ? (uint64_t)shape[i] : 1;
    }
    self->version.major = DLPACK_MAJOR_VERSION;
    self->version.minor = DLPACK_MINOR_VERSION;
    self->deleter = free_allocated;
    self->dl_tensor = *prototype;
    self->dl_tensor.data = data;
    self->dl_tensor.byte_offset = 0;
    self->dl_tensor.shape = shape;
    self->dl_tensor.strides = strides;
    *out = self;
    return 0;
}

/* ---- objects ------------------------------------------------------------------------------------------- */

static tb_block *block_of(void *object) {
    if (is_tensor(object))
        return tensor_block(object);
    PyErr_Format(PyExc_TypeError, "expected a tensorbridge.Tensor, got %R", Py_TYPE((PyObject *)object));
    return NULL;
}

/* The other side enqueues on the stream that current_stream names. */
static int order_for_exchange(const tb_block *block) {
    uint64_t stream = dlpack_default_stream(block->tensor.device_type);
    return stream == 0 ? 0 : order_pending_work(&block->tensor, (int64_t)stream);
}

static int from_object(void *object, DLManagedTensorVersioned **out) {
    tb_block *block = block_of(object);
    if (block == NULL || order_for_exchange(block) < 0)
        return -1;
    DLManagedTensorVersioned *managed = export_dlpack_versioned(block, 0);
    if (managed == NULL)
        return -1;
    *out = managed;
    return 0;
}

static int to_object(DLManagedTensorVersioned *managed, void **out) {
    tb_block *block;
    uint64_t stream = managed->version.major == DLPACK_MAJOR_VERSION
                          ? dlpack_default_stream(managed->dl_tensor.device.device_type)
                          : 0;
    if (import_dlpack_versioned(managed, stream, &block) < 0)
        return -1;
    *out = tensor_new(block);
    return *out == NULL ? -1 : 0;
}

/* Borrowed: the strides live in the block, which the object keeps alive. A bare DLTensor cannot say read-only. */
static int borrow(void *object, DLTensor *out) {
    tb_block *block = block_of(object);
    if (block == NULL || check_needs_no_flags(block) < 0 || order_for_exchange(block) < 0)
        return -1;
    int64_t *strides = block->element_strides;
    if (strides == NULL) {
        strides = malloc(((size_t)block->tensor.ndim + 1) * sizeof *strides);
        if (strides == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        block->element_strides = strides;
    }
    return fill_dlpack_tensor(block, out, strides);
}

/* Tensors carry the stream of their pending work; the library itself works on the default stream. */
static int current_stream(DLDeviceType Py_UNUSED(device_type), int32_t Py_UNUSED(device_id), void **out) {
    *out = NULL;
    return 0;
}

PyObject *exchange_api_capsule(void) {
    static DLPackExchangeAPI table = {
        .header = {.version = {DLPACK_MAJOR_VERSION, DLPACK_MINOR_VERSION}, .prev_api = NULL},
        .managed_tensor_allocator = allocate,
        .managed_tensor_from_py_object_no_sync = from_object,
        .managed_tensor_to_py_object_no_sync = to_object,
        .dltensor_from_py_object_no_sync = borrow,
        .current_work_stream = current_stream,
    };
    return PyCapsule_New(&table, "dlpack_exchange_api", NULL);
}
