/*
 * DLPack: the exchange table of the object's type, the __dlpack__ call, capsules.
 *
 * Ownership: a capsule owns its struct until it is renamed, and everything that can fail happens before. A block
 * that owns a struct calls its deleter, which by the protocol needs neither the GIL nor this thread.
 */
#include "core_module.h"
#include "tensorbridge/dlpack.h"

#include <stdint.h>
#include <string.h>

static const char LEGACY[] = "dltensor";
static const char VERSIONED[] = "dltensor_versioned";
static const char USED_LEGACY[] = "used_dltensor";
static const char USED_VERSIONED[] = "used_dltensor_versioned";

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
    const char *name = PyCapsule_CheckExact(capsule) ? PyCapsule_GetName(capsule) : NULL;
    if (name == NULL)
        name = "";
    if (strcmp(name, VERSIONED) == 0)
        return take_versioned(capsule, stream, out);
    if (strcmp(name, LEGACY) == 0)
        return take_legacy(capsule, stream, writable, out);
    if (strcmp(name, USED_LEGACY) == 0 || strcmp(name, USED_VERSIONED) == 0)
        PyErr_SetString(PyExc_BufferError, "the DLPack capsule was consumed before; ask the producer for a new one");
    else
        PyErr_Format(PyExc_TypeError, "__dlpack__ gave a %R, expected a capsule named 'dltensor' or 'dltensor_versioned'",
                     Py_TYPE(capsule));
    return FAILED;
}

int import_dlpack_versioned(DLManagedTensorVersioned *managed, uint64_t stream, tb_block **out) {
    tb_block *block = validate_versioned(managed, stream);
    if (block == NULL) {
        saved_error error = save_error(); /* a deleter may run Python code */
        release_versioned(managed);
        restore_error(error);
        return FAILED;
    }
    block->release = release_versioned;
    block->context = managed;
    *out = block;
    return IMPORTED;
}

int dlpack_was_copied(const tb_block *block) {
    return block->release == release_versioned &&
           (((const DLManagedTensorVersioned *)block->context)->flags & DLPACK_FLAG_BITMASK_IS_COPIED) != 0;
}

/* ---- PyTorch's lazy views ------------------------------------------------------------------------------ */

/* 1, 0 or -1 with an exception. */
static int answers_true(PyObject *object, PyObject *question) {
    PyObject *answer = call_method(question, &object, 1, NULL);
    int result = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(answer);
    return result;
}

/* A tensor that takes part in automatic differentiation, which an exchange would bypass: 1, 0 or -1 with an exception. */
static int requires_grad(PyObject *object) {
    PyObject *value = PyObject_GetAttr(object, names.requires_grad);
    int result = value == NULL ? -1 : PyObject_IsTrue(value);
    Py_XDECREF(value);
    return result;
}

/* The memory does not hold the values: they are conjugated or negated when they are read. 1, 0 or -1 with an exception. */
static int is_unresolved(PyObject *object, const DLDataType *type) {
    int is_complex = type->code == kDLComplex;
    if (!is_complex && type->code != kDLFloat && type->code != kDLBfloat)
        return 0;
    int result = is_complex ? answers_true(object, names.is_conj) : 0;
    return result != 0 ? result : answers_true(object, names.is_neg);
}

/* ---- exchange table ------------------------------------------------------------------------------------ */

static int has_streams(int32_t device_type) {
    return device_type == kDLCUDA || device_type == kDLCUDAManaged || device_type == kDLROCM;
}

uint64_t dlpack_default_stream(int32_t device_type) {
    return has_streams(device_type) ? 1 : 0;
}

/* The stream on which the producer works; its null stream is the legacy default one. */
static int work_stream(const DLPackExchangeAPI *table, const DLDevice *device, uint64_t *stream) {
    *stream = dlpack_default_stream(device->device_type);
    if (*stream == 0 || table->current_work_stream == NULL)
        return 0;
    void *current = NULL;
    if (table->current_work_stream(device->device_type, device->device_id, &current) != 0)
        return -1;
    if (current != NULL)
        *stream = (uint64_t)(uintptr_t)current;
    return 0;
}

/* What the table does not tell; ABSENT sends the object to __dlpack__, which says what is wrong with it. */
static int check_exchanged(PyObject *object, const dlpack_producer *producer, const DLManagedTensorVersioned *managed,
                           uint64_t *stream) {
    *stream = 0;
    if (managed->version.major != DLPACK_MAJOR_VERSION)
        return IMPORTED; /* refused later, where nothing but the version is looked at */
    int unresolved = producer->is_lazy ? is_unresolved(object, &managed->dl_tensor.dtype) : 0;
    if (unresolved != 0)
        return unresolved < 0 ? FAILED : ABSENT;
    return work_stream(producer->table, &managed->dl_tensor.device, stream) < 0 ? FAILED : IMPORTED;
}

static int import_exchange_api(PyObject *object, const dlpack_producer *producer, tb_block **out) {
    int refused = producer->is_lazy ? requires_grad(object) : 0;
    if (refused != 0)
        return refused < 0 ? FAILED : ABSENT;
    DLManagedTensorVersioned *managed = NULL;
    if (producer->table->managed_tensor_from_py_object_no_sync(object, &managed) != 0 || managed == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_BufferError, "the DLPack exchange table gave no tensor");
        return is_refusal() ? DECLINED : FAILED;
    }
    uint64_t stream;
    int result = check_exchanged(object, producer, managed, &stream);
    if (result == IMPORTED)
        return import_dlpack_versioned(managed, stream, out);
    saved_error error = save_error();
    release_versioned(managed);
    restore_error(error);
    return result;
}

/* ---- __dlpack__ ---------------------------------------------------------------------------------------- */

static int read_device(PyObject *pair, const char *origin, DLDevice *device) {
    if (!PyTuple_Check(pair) || PyTuple_Size(pair) != 2) {
        PyErr_Format(PyExc_TypeError, "%s %R, expected a pair (device type, device id)", origin, pair);
        return -1;
    }
    long type = PyLong_AsLong(PyTuple_GetItem(pair, 0));
    long id = type == -1 && PyErr_Occurred() ? -1 : PyLong_AsLong(PyTuple_GetItem(pair, 1));
    if (id == -1 && PyErr_Occurred())
        return -1;
    if (type != (int32_t)type || id != (int32_t)id) {
        PyErr_Format(PyExc_OverflowError, "%s %R, whose numbers are no 32-bit integers", origin, pair);
        return -1;
    }
    *device = (DLDevice){(DLDeviceType)type, (int32_t)id};
    return 0;
}

static int is_absent(PyObject *object, PyObject *name) {
    PyObject *method = get_optional_attribute(object, name);
    Py_XDECREF(method);
    return method == NULL;
}

/* An object without the method is in host memory. */
static int ask_device(PyObject *object, const dlpack_producer *producer, DLDevice *device) {
    *device = (DLDevice){kDLCPU, 0};
    if (producer->is_host)
        return 0;
    if (!producer->has_methods && is_absent(object, names.dlpack_device))
        return PyErr_Occurred() ? -1 : 0;
    PyObject *pair = call_method(names.dlpack_device, &object, 1, NULL);
    int result = pair == NULL ? -1 : read_device(pair, "__dlpack_device__() gave", device);
    Py_XDECREF(pair);
    return result;
}

typedef struct dlpack_request {
    PyObject *stream; /* NULL: do not pass it */
    PyObject *device; /* NULL: do not pass it */
    PyObject *copy;   /* NULL: do not pass it */
} dlpack_request;

/* max_version=(1, 3): made once, like the names that go with it. */
static PyObject *known_version, *version_keyword;

static int make_version(void) {
    if (version_keyword == NULL)
        version_keyword = PyTuple_Pack(1, names.max_version);
    if (known_version == NULL)
        known_version = Py_BuildValue("(ii)", DLPACK_MAJOR_VERSION, DLPACK_MINOR_VERSION);
    return version_keyword == NULL || known_version == NULL ? -1 : 0;
}

static PyObject *call_once(PyObject *object, const dlpack_request *request, int with_version) {
    PyObject *arguments[5] = {object}, *keywords[4];
    Py_ssize_t count = 0;
    const struct {
        PyObject *name, *value;
    } given[] = {
        {names.max_version, with_version ? known_version : NULL},
        {names.stream, request->stream},
        {names.dl_device, request->device},
        {names.copy, request->copy},
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (given[i].value != NULL) {
            keywords[count++] = given[i].name;
            arguments[count] = given[i].value;
        }
    }
    if (count == 1 && with_version)
        return call_method(names.dlpack, arguments, 1, version_keyword);
    PyObject *keyword_names = PyTuple_New(count);
    for (Py_ssize_t i = 0; keyword_names != NULL && i < count; i++)
        PyTuple_SetItem(keyword_names, i, Py_NewRef(keywords[i]));
    PyObject *capsule = keyword_names == NULL ? NULL : call_method(names.dlpack, arguments, 1, keyword_names);
    Py_XDECREF(keyword_names);
    return capsule;
}

/*
 * Producers from before the 2023 array API know only stream: they raise TypeError for the rest. A wish that is true
 * anyway (is_met) may be dropped for them.
 */
static PyObject *call_dlpack(PyObject *object, const dlpack_producer *producer, const dlpack_request *request, int is_met) {
    PyTypeObject *type = Py_TYPE(object);
    const dlpack_request plain = {request->stream, NULL, NULL};
    int wish = request->device != NULL || request->copy != NULL;
    PyObject *capsule;
    if (producer->is_old && !wish) {
        capsule = call_once(object, &plain, 0);
        if (capsule != NULL || !PyErr_ExceptionMatches(PyExc_TypeError))
            return capsule;
        PyErr_Clear();
        producer_is_old(type, 0);
    }
    capsule = call_once(object, request, 1);
    if (capsule != NULL || (wish && !is_met) || !PyErr_ExceptionMatches(PyExc_TypeError))
        return capsule;
    PyErr_Clear();
    capsule = call_once(object, &plain, 0);
    if (capsule != NULL)
        producer_is_old(type, 1);
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

/* __dlpack__ of PyTorch looks at conjugated views and gradients itself, but hands negated memory out. */
static int check_negation(PyObject *object) {
    int negated = answers_true(object, names.is_neg);
    if (negated > 0)
        PyErr_SetString(PyExc_BufferError, "the tensor is negated only when it is read, its memory has the opposite "
                                           "signs: pass x.resolve_neg()");
    return negated == 0 ? 0 : -1;
}

/* A capsule for the consumer's stream; NULL with an exception. *target is the device that was asked for. */
static PyObject *get_capsule(PyObject *object, const dlpack_producer *producer, dlpack_request *request,
                             const DLDevice *target, int64_t stream, uint64_t *ready_on) {
    DLDevice own;
    if ((producer->is_lazy && check_negation(object) < 0) || make_version() < 0 ||
        ask_device(object, producer, &own) < 0)
        return NULL;
    int is_met = target == NULL || (target->device_type == own.device_type && target->device_id == own.device_id);
    if (consumer_stream(target != NULL ? target : &own, stream, &request->stream, ready_on) < 0)
        return NULL;
    PyObject *capsule = call_dlpack(object, producer, request, is_met);
    Py_XDECREF(request->stream);
    return capsule;
}

static int import_call(PyObject *object, const dlpack_producer *producer, dlpack_request *request,
                       const DLDevice *target, const tb_import_options *options, tb_block **out) {
    if (!producer->has_methods && is_absent(object, names.dlpack))
        return PyErr_Occurred() ? FAILED : ABSENT;
    uint64_t ready_on;
    PyObject *capsule = get_capsule(object, producer, request, target, options->stream, &ready_on);
    if (capsule == NULL)
        return is_refusal() ? DECLINED : FAILED;
    int result = import_dlpack_capsule(capsule, ready_on, options->writable, out);
    if (result == IMPORTED) {
        Py_DECREF(capsule);
        return result;
    }
    saved_error error = save_error(); /* the capsule's destructor may run Python code */
    Py_DECREF(capsule);
    restore_error(error);
    return result;
}

/*
 * An array on a device that names the stream of its work. __dlpack__ makes our stream wait for that one, but does not
 * tell which it is, and then nothing could make the producer's later work wait for ours.
 */
static int import_with_stream(PyObject *object, const dlpack_producer *producer, tb_block **out) {
    DLDevice device;
    if (producer->is_host || producer->is_lazy) /* PyTorch's dictionary names no stream */
        return ABSENT;
    if (ask_device(object, producer, &device) < 0)
        return is_refusal() ? DECLINED : FAILED;
    if (!has_streams((int32_t)device.device_type))
        return ABSENT;
    int result = import_cuda_array_interface(object, out);
    if (result == IMPORTED && (*out)->tensor.stream != 0) {
        if ((*out)->tensor.device_type == kDLCUDA) /* the dictionary has no place for the number */
            (*out)->tensor.device_id = device.device_id;
        return IMPORTED;
    }
    if (result == IMPORTED)
        tb_block_drop_with_gil(*out);
    else
        PyErr_Clear(); /* what the dictionary cannot say, DLPack may */
    return ABSENT;
}

int import_dlpack(PyObject *object, const tb_import_options *options, tb_block **out) {
    dlpack_producer producer;
    if (producer_of(Py_TYPE(object), &producer) < 0)
        return FAILED;
    if (producer.table != NULL && options->stream == 0) { /* the table knows no stream of the consumer's */
        int result = import_exchange_api(object, &producer, out);
        if (result == IMPORTED || result == FAILED)
            return result;
        PyErr_Clear(); /* __dlpack__ has the better words */
    }
    if (!producer.has_methods && is_absent(object, names.dlpack))
        return PyErr_Occurred() ? FAILED : ABSENT;
    if (options->via == TB_VIA_ANY && options->stream == 0) {
        int result = import_with_stream(object, &producer, out);
        if (result != ABSENT)
            return result;
    }
    dlpack_request request = {NULL, NULL, NULL};
    return import_call(object, &producer, &request, NULL, options, out);
}

/* A producer that takes any keyword may overlook this one. Pinned memory is host memory. */
static int is_on(const tb_tensor *tensor, const DLDevice *wanted) {
    if (wanted->device_type == kDLCPU)
        return tensor->device_type == kDLCPU || tensor->device_type == kDLCUDAHost || tensor->device_type == kDLROCMHost;
    return tensor->device_type == (int32_t)wanted->device_type && tensor->device_id == wanted->device_id;
}

int import_dlpack_to(PyObject *object, PyObject *device, PyObject *copy, int writable, tb_block **out) {
    DLDevice target;
    if (read_device(device, "device is", &target) < 0)
        return FAILED;
    dlpack_request request = {NULL, device, copy == Py_None ? NULL : copy};
    const tb_import_options options = {TB_VIA_DLPACK, writable, 0};
    dlpack_producer producer;
    if (producer_of(Py_TYPE(object), &producer) < 0)
        return FAILED;
    int result = PyCapsule_CheckExact(object) ? import_dlpack_capsule(object, 0, writable, out)
                                              : import_call(object, &producer, &request, &target, &options, out);
    if (result != IMPORTED || is_on(&(*out)->tensor, &target))
        return result;
    PyErr_Format(PyExc_BufferError, "the tensor is on DLPack device (%d, %d), asked for was (%d, %d)",
                 (*out)->tensor.device_type, (*out)->tensor.device_id, (int)target.device_type, (int)target.device_id);
    saved_error error = save_error();
    tb_block_drop_with_gil(*out);
    restore_error(error);
    return FAILED;
}
