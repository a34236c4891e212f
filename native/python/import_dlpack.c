/*
 * DLPack: the exchange table of the object's type, the __dlpack__ call, capsules.
 *
 * Ownership: a capsule owns its struct until it is renamed, and everything that can fail happens before. A block
 * that owns a struct calls its deleter, which by the protocol needs neither the GIL nor this thread.
 */
#include "core_module.h"
#include "tensorbridge/dlpack.h"

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

static const char LEGACY[] = "dltensor";
static const char VERSIONED[] = "dltensor_versioned";
static const char USED_LEGACY[] = "used_dltensor";
static const char USED_VERSIONED[] = "used_dltensor_versioned";
static const char EXCHANGE[] = "dlpack_exchange_api";

static void release_legacy(void *context) {
    DLManagedTensor *managed = context;
    if (managed->deleter != NULL)
        managed->deleter(managed);
}

static void release_versioned(void *context) {
    DLManagedTensorVersioned *managed = context;
    if (managed->deleter != NULL)
        managed->deleter(managed);
}

/* A validated block that does not own the struct yet; NULL with an exception. */
static tb_block *validate(const tb_raw_dlpack *raw) {
    const tb_managed_api *managed = require_managed();
    if (managed == NULL)
        return NULL;
    int32_t ndim = ((const DLTensor *)raw->tensor)->ndim;
    if (ndim < 0 || ndim > TB_MAX_NDIM) {
        PyErr_Format(PyExc_ValueError, "the DLPack tensor has the rank %d, the limit is %d", ndim, TB_MAX_NDIM);
        return NULL;
    }
    tb_block *block = tb_block_new(ndim);
    if (block == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    tb_error error;
    if (managed->import_dlpack(raw, &block->tensor, &error) < 0) {
        raise_error(&error, 1);
        tb_block_drop_with_gil(block);
        return NULL;
    }
    return block;
}

static int check_major(const DLManagedTensorVersioned *managed) {
    if (managed->version.major == DLPACK_MAJOR_VERSION)
        return 0;
    PyErr_Format(PyExc_BufferError, "the DLPack tensor has the version %u.%u, only major version %d is known",
                 managed->version.major, managed->version.minor, DLPACK_MAJOR_VERSION);
    return -1;
}

/* ---- capsules ------------------------------------------------------------------------------------------ */

static int take_legacy(PyObject *capsule, uint64_t stream, int writable, tb_block **out) {
    DLManagedTensor *managed = PyCapsule_GetPointer(capsule, LEGACY);
    tb_raw_dlpack raw = {.tensor = &managed->dl_tensor, .writable = writable, .stream = stream};
    tb_block *block = validate(&raw);
    if (block == NULL)
        return FAILED;
    if (PyCapsule_SetName(capsule, USED_LEGACY) < 0) {
        tb_block_drop_with_gil(block);
        return FAILED;
    }
    block->release = release_legacy;
    block->context = managed;
    *out = block;
    return IMPORTED;
}

static tb_block *validate_versioned(const DLManagedTensorVersioned *managed, uint64_t stream) {
    if (check_major(managed) < 0)
        return NULL;
    tb_raw_dlpack raw = {
        .tensor = &managed->dl_tensor,
        .flags = managed->flags,
        .version_major = managed->version.major,
        .version_minor = managed->version.minor,
        .stream = stream,
    };
    return validate(&raw);
}

static int take_versioned(PyObject *capsule, uint64_t stream, tb_block **out) {
    DLManagedTensorVersioned *managed = PyCapsule_GetPointer(capsule, VERSIONED);
    tb_block *block = validate_versioned(managed, stream);
    if (block == NULL)
        return FAILED;
    if (PyCapsule_SetName(capsule, USED_VERSIONED) < 0) {
        tb_block_drop_with_gil(block);
        return FAILED;
    }
    block->release = release_versioned;
    block->context = managed;
    *out = block;
    return IMPORTED;
}

int import_dlpack_capsule(PyObject *capsule, uint64_t stream, int writable, tb_block **out) {
    if (PyCapsule_IsValid(capsule, VERSIONED))
        return take_versioned(capsule, stream, out);
    if (PyCapsule_IsValid(capsule, LEGACY))
        return take_legacy(capsule, stream, writable, out);
    if (PyCapsule_IsValid(capsule, USED_LEGACY) || PyCapsule_IsValid(capsule, USED_VERSIONED))
        PyErr_SetString(PyExc_BufferError, "the DLPack capsule was consumed before; ask the producer for a new one");
    else
        PyErr_Format(PyExc_TypeError, "__dlpack__ gave a %R, expected a capsule named 'dltensor' or 'dltensor_versioned'",
                     Py_TYPE(capsule));
    return FAILED;
}

int import_dlpack_versioned(DLManagedTensorVersioned *managed, uint64_t stream, tb_block **out) {
    tb_block *block = validate_versioned(managed, stream);
    if (block == NULL) {
        PyObject *type, *value, *traceback; /* a deleter may run Python code */
        PyErr_Fetch(&type, &value, &traceback);
        release_versioned(managed);
        PyErr_Restore(type, value, traceback);
        return FAILED;
    }
    block->release = release_versioned;
    block->context = managed;
    *out = block;
    return IMPORTED;
}

/* ---- exchange table ------------------------------------------------------------------------------------ */

/* The table whose major version fits, or NULL (no exception) when there is none. */
static const DLPackExchangeAPI *find_table(PyObject *capsule) {
    if (!PyCapsule_IsValid(capsule, EXCHANGE))
        return NULL;
    const DLPackExchangeAPIHeader *header = PyCapsule_GetPointer(capsule, EXCHANGE);
    while (header != NULL && header->version.major != DLPACK_MAJOR_VERSION)
        header = header->prev_api;
    return (const DLPackExchangeAPI *)header;
}

static int has_streams(int32_t device_type) {
    return device_type == kDLCUDA || device_type == kDLCUDAManaged || device_type == kDLROCM;
}

/* The stream on which the producer works; its null stream is the legacy default one. */
static int work_stream(const DLPackExchangeAPI *table, const DLDevice *device, uint64_t *stream) {
    *stream = 0;
    if (!has_streams(device->device_type))
        return 0;
    void *current = NULL;
    if (table->current_work_stream != NULL &&
        table->current_work_stream(device->device_type, device->device_id, &current) != 0)
        return -1;
    *stream = current != NULL ? (uint64_t)(uintptr_t)current : 1;
    return 0;
}

int import_exchange_api(PyObject *object, tb_block **out) {
    PyObject *capsule = get_optional_attribute((PyObject *)Py_TYPE(object), names.dlpack_exchange);
    if (capsule == NULL)
        return PyErr_Occurred() ? FAILED : ABSENT;
    const DLPackExchangeAPI *table = find_table(capsule);
    Py_DECREF(capsule);
    if (table == NULL || table->managed_tensor_from_py_object_no_sync == NULL)
        return ABSENT;
    DLManagedTensorVersioned *managed = NULL;
    if (table->managed_tensor_from_py_object_no_sync(object, &managed) != 0 || managed == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_BufferError, "the DLPack exchange table gave no tensor");
        return is_refusal() ? DECLINED : FAILED;
    }
    uint64_t stream = 0;
    if (managed->version.major == DLPACK_MAJOR_VERSION &&
        work_stream(table, &managed->dl_tensor.device, &stream) < 0) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        release_versioned(managed);
        PyErr_Restore(type, value, traceback);
        return FAILED;
    }
    return import_dlpack_versioned(managed, stream, out);
}

/* ---- __dlpack__ ---------------------------------------------------------------------------------------- */

/* Types whose __dlpack__ does not know max_version. A hint only: a wrong entry costs one more call. */
static PyTypeObject *old_producers[32];

static PyTypeObject **old_producer_slot(PyTypeObject *type) {
    return &old_producers[((uintptr_t)type >> 5) % (sizeof old_producers / sizeof *old_producers)];
}

/* 1 and the device, 0 when the method is absent, -1 with an exception. */
static int ask_device(PyObject *object, DLDevice *device) {
    PyObject *method = get_optional_attribute(object, names.dlpack_device);
    if (method == NULL)
        return PyErr_Occurred() ? -1 : 0;
    PyObject *pair = PyObject_CallNoArgs(method);
    Py_DECREF(method);
    if (pair == NULL)
        return -1;
    int result = -1;
    if (!PyTuple_Check(pair) || PyTuple_Size(pair) != 2) {
        PyErr_Format(PyExc_TypeError, "__dlpack_device__() gave %R, expected a pair (device type, device id)", pair);
    } else {
        device->device_type = (int32_t)PyLong_AsLong(PyTuple_GetItem(pair, 0));
        device->device_id = PyErr_Occurred() ? 0 : (int32_t)PyLong_AsLong(PyTuple_GetItem(pair, 1));
        result = PyErr_Occurred() ? -1 : 1;
    }
    Py_DECREF(pair);
    return result;
}

typedef struct dlpack_request {
    PyObject *stream; /* NULL: do not pass it */
    PyObject *device; /* NULL: do not pass it */
    PyObject *copy;   /* NULL: do not pass it */
} dlpack_request;

static int put(PyObject *keywords, PyObject *name, PyObject *value) {
    return value == NULL ? 0 : PyDict_SetItem(keywords, name, value);
}

static PyObject *call_once(PyObject *method, const dlpack_request *request, int with_version) {
    if (!with_version && request->stream == NULL && request->device == NULL && request->copy == NULL)
        return PyObject_CallNoArgs(method);
    PyObject *keywords = PyDict_New();
    if (keywords == NULL)
        return NULL;
    PyObject *version = with_version ? Py_BuildValue("(ii)", DLPACK_MAJOR_VERSION, DLPACK_MINOR_VERSION) : NULL;
    PyObject *capsule = NULL;
    if ((!with_version || version != NULL) && put(keywords, names.max_version, version) == 0 &&
        put(keywords, names.stream, request->stream) == 0 && put(keywords, names.dl_device, request->device) == 0 &&
        put(keywords, names.copy, request->copy) == 0)
        capsule = PyObject_Call(method, names.empty_tuple, keywords);
    Py_XDECREF(version);
    Py_DECREF(keywords);
    return capsule;
}

/* Producers from before the 2023 array API know only stream: they raise TypeError for the rest. */
static PyObject *call_dlpack(PyObject *object, PyObject *method, const dlpack_request *request) {
    PyTypeObject **slot = old_producer_slot(Py_TYPE(object));
    int wish = request->device != NULL || request->copy != NULL;
    if (*slot == Py_TYPE(object) && !wish) {
        PyObject *capsule = call_once(method, request, 0);
        if (capsule != NULL || !PyErr_ExceptionMatches(PyExc_TypeError))
            return capsule;
        PyErr_Clear();
        *slot = NULL;
    }
    PyObject *capsule = call_once(method, request, 1);
    if (capsule != NULL || wish || !PyErr_ExceptionMatches(PyExc_TypeError))
        return capsule;
    PyErr_Clear();
    capsule = call_once(method, request, 0);
    if (capsule != NULL)
        *slot = Py_TYPE(object);
    return capsule;
}

/* The consumer's stream: what was asked for, else the default one of the platform. */
static int consumer_stream(const DLDevice *device, int64_t wanted, PyObject **argument, uint64_t *ready_on) {
    *argument = NULL;
    *ready_on = 0;
    if (!has_streams(device->device_type))
        return 0;
    int64_t stream = wanted != 0 ? wanted : device->device_type == kDLROCM ? 0 : 1;
    *argument = PyLong_FromLongLong(stream);
    *ready_on = stream > 0 ? (uint64_t)stream : 0;
    return *argument == NULL ? -1 : 0;
}

static int import_call(PyObject *object, dlpack_request *request, int64_t stream, int writable, tb_block **out) {
    PyObject *method = get_optional_attribute(object, names.dlpack);
    if (method == NULL)
        return PyErr_Occurred() ? FAILED : ABSENT;
    DLDevice device = {kDLCPU, 0};
    uint64_t ready_on = 0;
    if (ask_device(object, &device) < 0) {
        Py_DECREF(method);
        return is_refusal() ? DECLINED : FAILED;
    }
    PyObject *stream_argument = NULL;
    if (request->device == NULL && consumer_stream(&device, stream, &stream_argument, &ready_on) < 0) {
        Py_DECREF(method);
        return FAILED;
    }
    request->stream = stream_argument;
    PyObject *capsule = call_dlpack(object, method, request);
    Py_XDECREF(stream_argument);
    Py_DECREF(method);
    if (capsule == NULL)
        return is_refusal() ? DECLINED : FAILED;
    int result = import_dlpack_capsule(capsule, ready_on, writable, out);
    if (result == FAILED) {
        PyObject *type, *value, *traceback; /* the capsule's destructor may run Python code */
        PyErr_Fetch(&type, &value, &traceback);
        Py_DECREF(capsule);
        PyErr_Restore(type, value, traceback);
    } else {
        Py_DECREF(capsule);
    }
    return result;
}

int import_dlpack(PyObject *object, const tb_import_options *options, tb_block **out) {
    dlpack_request request = {NULL, NULL, NULL};
    return import_call(object, &request, options->stream, options->writable, out);
}

int import_dlpack_to(PyObject *object, PyObject *device, PyObject *copy, int writable, tb_block **out) {
    dlpack_request request = {NULL, device == Py_None ? NULL : device, copy == Py_None ? NULL : copy};
    return import_call(object, &request, 0, writable, out);
}
