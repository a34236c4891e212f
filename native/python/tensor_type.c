/* The base of the Tensor type: one reference to a block, read-only attributes, the export slots. */
#include "core_module.h"

#include <stdio.h>
#include <structmember.h>

PyTypeObject *tensor_base_type;

static PyTypeObject *instance_type; /* the Python subclass once it is registered */
static allocfunc allocate_instance;

int is_tensor(PyObject *object) {
    return Py_TYPE(object) == instance_type || PyObject_TypeCheck(object, tensor_base_type);
}

PyObject *tensor_new(tb_block *block) {
    Tensor *self = (Tensor *)allocate_instance(instance_type, 0);
    if (self == NULL) {
        tb_block_drop_with_gil(block);
        return NULL;
    }
    self->block = block;
    return (PyObject *)self;
}

tb_block *tensor_block(PyObject *object) {
    tb_block *block = ((Tensor *)object)->block;
    if (block == NULL)
        PyErr_SetString(PyExc_ValueError, "the tensor was released");
    return block;
}

PyObject *int64_tuple(const int64_t *values, int32_t count) {
    PyObject *tuple = PyTuple_New(count);
    for (int32_t i = 0; tuple != NULL && i < count; i++) {
        PyObject *item = PyLong_FromLongLong(values[i]);
        if (item == NULL || PyTuple_SetItem(tuple, i, item) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

int64_t element_count(const tb_tensor *tensor) {
    uint64_t count = 1; /* of an empty tensor the partial products may wrap */
    for (int32_t i = 0; i < tensor->ndim; i++)
        count *= (uint64_t)tensor->shape[i];
    return (int64_t)count;
}

/* ---- life ---------------------------------------------------------------------------------------------- */

static int tensor_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    return traverse_block(((Tensor *)object)->block, visit, arg);
}

static int tensor_clear(PyObject *object) {
    tb_block *block = ((Tensor *)object)->block;
    ((Tensor *)object)->block = NULL;
    tb_block_drop_with_gil(block);
    return 0;
}

static void tensor_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (((Tensor *)object)->weak_references != NULL)
        PyObject_ClearWeakRefs(object);
    tb_block *block = ((Tensor *)object)->block;
    PyObject_GC_Del(object);
    Py_DECREF(type);
    saved_error error = save_error(); /* last: a producer's release may run Python code */
    tb_block_drop_with_gil(block);
    drain_releases();
    restore_error(error);
}

/* ---- attributes ---------------------------------------------------------------------------------------- */

/* What allocates Python objects may run a garbage collection, and with it code that releases this very tensor. */
static PyObject *tuple_of(tb_block *block, const int64_t *values) {
    tb_block_ref(block);
    PyObject *tuple = int64_tuple(values, block->tensor.ndim);
    tb_block_drop_with_gil(block);
    return tuple;
}

static PyObject *get_shape(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : tuple_of(block, block->tensor.shape);
}

static PyObject *get_strides(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : tuple_of(block, block->tensor.strides);
}

static PyObject *get_itemsize(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : PyLong_FromLongLong(block->tensor.itemsize);
}

static PyObject *get_size(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : PyLong_FromLongLong(element_count(&block->tensor));
}

static PyObject *get_nbytes(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : PyLong_FromLongLong(element_count(&block->tensor) * block->tensor.itemsize);
}

static PyObject *get_ndim(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : PyLong_FromLong(block->tensor.ndim);
}

static PyObject *get_readonly(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : PyBool_FromLong((block->tensor.flags & TB_READONLY) != 0);
}

static PyObject *get_ptr(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : PyLong_FromVoidPtr(block->tensor.data);
}

static PyObject *get_typestr(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    dtype_entry *entry = block != NULL ? dtype_get(block->tensor.dtype) : NULL;
    return entry == NULL ? NULL : Py_NewRef(entry->typestr);
}

static PyObject *get_dtype_name(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    dtype_entry *entry = block != NULL ? dtype_get(block->tensor.dtype) : NULL;
    return entry == NULL ? NULL : PyUnicode_FromString(entry->info.name);
}

static PyObject *get_format(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    dtype_entry *entry = block != NULL ? dtype_get(block->tensor.dtype) : NULL;
    if (entry == NULL)
        return NULL;
    return entry->info.format != NULL ? PyUnicode_FromString(entry->info.format) : Py_NewRef(Py_None);
}

static PyObject *get_descr(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    dtype_entry *entry = block != NULL ? dtype_get(block->tensor.dtype) : NULL;
    return entry == NULL ? NULL : dtype_descr(entry);
}

static PyObject *get_contiguous(PyObject *self, void *flag) {
    tb_block *block = tensor_block(self);
    return block == NULL ? NULL : PyBool_FromLong((block->tensor.flags & (uint32_t)(uintptr_t)flag) != 0);
}

static const char *device_name(int32_t type) {
    switch (type) {
    case TB_DEVICE_CPU:
        return "cpu";
    case TB_DEVICE_CUDA:
        return "cuda";
    case TB_DEVICE_CUDA_HOST:
        return "cuda_host";
    case TB_DEVICE_OPENCL:
        return "opencl";
    case TB_DEVICE_ROCM:
        return "rocm";
    case TB_DEVICE_ROCM_HOST:
        return "rocm_host";
    case TB_DEVICE_CUDA_MANAGED:
        return "cuda_managed";
    default:
        return NULL;
    }
}

static PyObject *get_device(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    if (block == NULL)
        return NULL;
    const tb_tensor *tensor = &block->tensor;
    const char *name = device_name(tensor->device_type);
    if (name == NULL)
        return PyUnicode_FromFormat("device_%d:%d", tensor->device_type, tensor->device_id);
    if (tensor->device_type == TB_DEVICE_CPU && tensor->device_id == 0)
        return PyUnicode_FromString(name);
    return PyUnicode_FromFormat("%s:%d", name, tensor->device_id);
}

static PyObject *get_stream(PyObject *self, void *Py_UNUSED(closure)) {
    tb_block *block = tensor_block(self);
    if (block == NULL)
        return NULL;
    uint64_t stream = block->tensor.stream;
    return stream == 0 ? Py_NewRef(Py_None) : PyLong_FromUnsignedLongLong(stream);
}

static PyObject *get_released(PyObject *self, void *Py_UNUSED(closure)) {
    return PyBool_FromLong(((Tensor *)self)->block == NULL);
}

static PyGetSetDef attributes[] = {
    {"shape", get_shape, NULL, "Lengths of the axes.", NULL},
    {"strides", get_strides, NULL, "Bytes between neighbours along each axis.", NULL},
    {"itemsize", get_itemsize, NULL, "Bytes of one element.", NULL},
    {"size", get_size, NULL, "Number of elements.", NULL},
    {"nbytes", get_nbytes, NULL, "Bytes of all elements, without gaps.", NULL},
    {"ndim", get_ndim, NULL, "Number of axes.", NULL},
    {"readonly", get_readonly, NULL, "True when writing is forbidden.", NULL},
    {"ptr", get_ptr, NULL, "Address of element 0.", NULL},
    {"typestr", get_typestr, NULL, "Element type as the array interface writes it.", NULL},
    {"device", get_device, NULL, "'cpu', 'cuda:0', ...", NULL},
    {"stream", get_stream, NULL, "Stream on which work on the memory may be pending, or None.", NULL},
    {"c_contiguous", get_contiguous, NULL, "True when dense in C order.", (void *)(uintptr_t)TB_C_CONTIGUOUS},
    {"f_contiguous", get_contiguous, NULL, "True when dense in Fortran order.", (void *)(uintptr_t)TB_F_CONTIGUOUS},
    {"released", get_released, NULL, "True after release().", NULL},
    {"_dtype_name", get_dtype_name, NULL, NULL, NULL},
    {"_format", get_format, NULL, NULL, NULL},
    {"_descr", get_descr, NULL, NULL, NULL},
    {"__array_interface__", tensor_array_interface, NULL, "The array interface, version 3 (host memory).", NULL},
    {"__cuda_array_interface__", tensor_cuda_array_interface, NULL, "The CUDA array interface, version 3.", NULL},
    {"__array_struct__", tensor_array_struct, NULL, "The array struct capsule (host memory, plain types).", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

/* ---- methods ------------------------------------------------------------------------------------------- */

static PyObject *release(PyObject *self, PyObject *Py_UNUSED(unused)) {
    tensor_clear(self);
    drain_releases();
    Py_RETURN_NONE;
}

static PyObject *size_of(PyObject *self, PyObject *Py_UNUSED(unused)) {
    PyObject *basic = PyObject_GetAttrString((PyObject *)Py_TYPE(self), "__basicsize__");
    Py_ssize_t size = basic == NULL ? -1 : PyLong_AsSsize_t(basic);
    Py_XDECREF(basic);
    if (size < 0)
        return NULL;
    const tb_block *block = ((Tensor *)self)->block;
    if (block != NULL)
        size += (Py_ssize_t)sizeof *block + 2 * block->tensor.ndim * (Py_ssize_t)sizeof(int64_t);
    return PyLong_FromSsize_t(size);
}

static PyMethodDef methods[] = {
    {"__dlpack__", (PyCFunction)(void (*)(void))tensor_dlpack, METH_FASTCALL | METH_KEYWORDS,
     "__dlpack__($self, *, stream=None, max_version=None, dl_device=None, copy=None)\n--\n\nA DLPack capsule."},
    {"__dlpack_device__", tensor_dlpack_device, METH_NOARGS,
     "__dlpack_device__($self)\n--\n\nThe pair (device type, device id) in DLPack's numbers."},
    {"release", release, METH_NOARGS,
     "release($self)\n--\n\n"
     "Gives this tensor's claim on its producer back now; the memory ends when the last claim does.\n\n"
     "Views, arrays and capsules made from the tensor keep claims of their own and stay valid. Using a released tensor\n"
     "raises ValueError; releasing it again does nothing."},
    {"__sizeof__", size_of, METH_NOARGS,
     "__sizeof__($self)\n--\n\nBytes of the object and its description, without the memory it describes (nbytes)."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Tensor, weak_references), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Memory described by shape, byte strides, element type and device; see tensorbridge.Tensor."},
    {Py_tp_dealloc, tensor_dealloc},
    {Py_tp_traverse, tensor_traverse},
    {Py_tp_clear, tensor_clear},
    {Py_tp_getset, attributes},
    {Py_tp_methods, methods},
    {Py_tp_members, members},
    {Py_bf_getbuffer, tensor_getbuffer},
    {Py_bf_releasebuffer, tensor_releasebuffer},
    {0, NULL},
};

static PyType_Spec spec = {
    "tensorbridge._core.TensorBase",
    sizeof(Tensor),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    slots,
};

static int use_type(PyTypeObject *type) {
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    if (allocate == NULL) {
        PyErr_SetString(PyExc_TypeError, "the type has no allocator");
        return -1;
    }
    PyTypeObject *old = instance_type;
    instance_type = (PyTypeObject *)Py_NewRef((PyObject *)type);
    allocate_instance = allocate;
    Py_XDECREF((PyObject *)old);
    return 0;
}

int init_tensor_type(PyObject *module) {
    if (tensor_base_type == NULL) {
        tensor_base_type = (PyTypeObject *)PyType_FromSpec(&spec);
        if (tensor_base_type == NULL)
            return -1;
        PyObject *capsule = exchange_api_capsule();
        int result = capsule == NULL
                         ? -1
                         : PyObject_SetAttr((PyObject *)tensor_base_type, names.dlpack_exchange, capsule);
        Py_XDECREF(capsule);
        if (result < 0 || use_type(tensor_base_type) < 0)
            return -1;
    }
    return PyModule_AddObjectRef(module, "TensorBase", (PyObject *)tensor_base_type);
}

PyObject *module_set_tensor_type(PyObject *Py_UNUSED(module), PyObject *type) {
    if (!PyType_Check(type) || !PyType_IsSubtype((PyTypeObject *)type, tensor_base_type)) {
        PyErr_SetString(PyExc_TypeError, "expected a subclass of TensorBase");
        return NULL;
    }
    if (use_type((PyTypeObject *)type) < 0)
        return NULL;
    Py_RETURN_NONE;
}
