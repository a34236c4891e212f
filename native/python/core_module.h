/*
 * What the files of the extension module share. Only the limited API of CPython 3.11 is used; what newer
 * interpreters offer beyond it is looked up by name (python_api.c).
 */
#ifndef TENSORBRIDGE_CORE_MODULE_H
#define TENSORBRIDGE_CORE_MODULE_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "tensorbridge/tensorbridge.h"

/* ---- python_api.c: interned names, attribute probes, the GIL ------------------------------------------- */

extern struct names {
    PyObject *array_interface, *cuda_array_interface, *array_struct, *dlpack, *dlpack_device, *dlpack_exchange;
    PyObject *max_version, *stream, *copy, *dl_device, *device, *writable, *x;
    PyObject *requires_grad, *is_conj, *is_neg;
    PyObject *typestr, *shape, *strides, *data, *version, *descr, *offset, *mask, *str;
    PyObject *empty_tuple;
} names;

int init_python_api(void);

/* A new reference, or NULL without an exception when the attribute is absent. Other exceptions propagate. */
PyObject *get_optional_attribute(PyObject *object, PyObject *name);

/* PyObject_VectorcallMethod: arguments start with the object, count counts it, keywords may be NULL. */
PyObject *call_method(PyObject *name, PyObject *const *arguments, size_t count, PyObject *keywords);

/* Works at any time, during finalization too. */
int32_t holds_gil(void);

/* Is this the thread that Python runs signal handlers on? Needs neither the GIL nor a thread state. */
int32_t on_main_thread(void);

/* Releases what was dropped without the GIL; on every entry into the module. */
static inline void drain_releases(void) {
    if (tb_releases_pending())
        tb_drain_releases();
}

/* ---- errors.c ------------------------------------------------------------------------------------------ */

/* Raises what the managed side reported. exchange: the error belongs to a protocol exchange (DLPack, buffer). */
void raise_error(const tb_error *error, int exchange);

/* Moves the current Python exception into *error. */
void fetch_error(tb_error *error);

/* True when the exception set says that a protocol cannot express an object, rather than that something broke. */
int is_refusal(void);

/* What runs Python code while an exception may be set stands between these two. */
typedef struct saved_error {
    PyObject *type, *value, *traceback;
} saved_error;

static inline saved_error save_error(void) {
    saved_error error;
    PyErr_Fetch(&error.type, &error.value, &error.traceback);
    return error;
}

static inline void restore_error(saved_error error) {
    PyErr_Restore(error.type, error.value, error.traceback);
}

/* ---- start.c, dotnet_root.c ---------------------------------------------------------------------------- */

/* The managed table, after starting .NET if need be; NULL with an exception (forked child, no .NET). */
const tb_managed_api *require_managed(void);

PyObject *module_start(PyObject *module, PyObject *unused);
PyObject *module_is_started(PyObject *module, PyObject *unused);
PyObject *module_configure(PyObject *module, PyObject *arguments, PyObject *keywords);

/* The .NET root to use and its hostfxr; -1 with an exception that lists where it looked. */
int find_hostfxr(const char *package_folder, char *root, char *hostfxr, size_t size);

/* ---- text.c, literal.c --------------------------------------------------------------------------------- */

/* A growable text; once an allocation failed it stays failed and every append returns -1 with MemoryError. */
typedef struct text_buffer {
    char *data;
    size_t length;
    size_t capacity;
    char inline_data[512];
} text_buffer;

void text_init(text_buffer *text);
void text_free(text_buffer *text);
int text_append(text_buffer *text, const char *data, size_t length);
int text_append_string(text_buffer *text, const char *string);
int text_append_quoted(text_buffer *text, const char *data, size_t length);
int text_append_int64(text_buffer *text, int64_t value);
int text_append_uint64(text_buffer *text, uint64_t value);

/* Writes an object as a Python literal. */
int write_literal(text_buffer *text, PyObject *object);

/*
 * Writes the known keys of an interface dictionary. object is the exporter, whose own buffer is meant by
 * data: None, and may be NULL. A buffer under data is acquired into *view, whose obj stays NULL otherwise.
 */
int write_interface(text_buffer *text, PyObject *dictionary, PyObject *object, Py_buffer *view);

/* Acquires the object's buffer into *view and writes <buffer ADDRESS LENGTH READONLY>. */
int write_buffer_value(text_buffer *text, PyObject *object, Py_buffer *view);

/* ---- import*.c ----------------------------------------------------------------------------------------- */

/*
 * Every importer returns IMPORTED and a block with one reference, ABSENT when the object does not offer the protocol
 * (no exception), FAILED with an exception, or DECLINED with an exception of the exporter, which says that this
 * protocol cannot express the object (so another one may).
 */
enum import_result { DECLINED = -2, FAILED = -1, ABSENT = 0, IMPORTED = 1 };

int import_buffer(PyObject *object, tb_block **out);
int import_array_struct(PyObject *object, tb_block **out);
int import_array_interface(PyObject *object, tb_block **out);
int import_cuda_array_interface(PyObject *object, tb_block **out);
int import_dlpack(PyObject *object, const tb_import_options *options, tb_block **out);

/* As import_dlpack, asking the producer for a device (a pair) and a copy policy, which may be None. */
int import_dlpack_to(PyObject *object, PyObject *device, PyObject *copy, int writable, tb_block **out);

/* True when the producer said that the memory is a copy made for this import. */
int dlpack_was_copied(const tb_block *block);

/* The stream on which data is ready that another library enqueued on current_work_stream of our table. */
uint64_t dlpack_default_stream(int32_t device_type);
int import_dlpack_capsule(PyObject *capsule, uint64_t stream, int writable, tb_block **out);

/* Takes a versioned struct over: on failure its deleter has been called. */
struct DLManagedTensorVersioned;
int import_dlpack_versioned(struct DLManagedTensorVersioned *managed, uint64_t stream, tb_block **out);

/* ---- dlpack_producers.c -------------------------------------------------------------------------------- */

typedef struct dlpack_producer {
    const struct DLPackExchangeAPI *table; /* the exchange table that fits, or NULL */
    int has_methods;                       /* __dlpack__ and __dlpack_device__ are found on the type */
    int is_lazy;                           /* PyTorch: objects may wait for a conjugation, a negation or a gradient */
    int is_host;                           /* numpy.ndarray: never anywhere but in host memory */
    int is_old;                            /* __dlpack__ does not know max_version */
} dlpack_producer;

/* Looks a type up, examining it when it is new; -1 with an exception. */
int producer_of(PyTypeObject *type, dlpack_producer *out);
void producer_is_old(PyTypeObject *type, int is_old);

/* A bare dictionary; owner is kept alive and may be NULL. */
int import_dictionary(PyObject *dictionary, PyObject *owner, int32_t kind, tb_block **out);

/* What keeps the memory of an interface dictionary alive; in the payload of its block. */
typedef struct interface_payload {
    Py_buffer view;   /* of the object under data; view.obj is NULL when there is none */
    PyObject *owner;  /* may be NULL */
    PyObject *anchor; /* the dictionary; may be NULL */
} interface_payload;

/* A block without a description yet, which holds references to both objects (either may be NULL). */
tb_block *interface_block_new(PyObject *owner, PyObject *anchor);
interface_payload *interface_payload_of(tb_block *block);

/* Lets the managed side validate a dictionary in text form and fills the block; -1 with an exception. */
int interface_block_fill(tb_block *block, const char *text, size_t length, int32_t kind);

/* For the cyclic garbage collector: visits the Python objects that a block (may be NULL) holds, if it has one user. */
int traverse_block(tb_block *block, visitproc visit, void *argument);
int interface_block_traverse(tb_block *block, visitproc visit, void *arg);
int buffer_block_traverse(tb_block *block, visitproc visit, void *arg);
int struct_block_traverse(tb_block *block, visitproc visit, void *arg);

/* ValueError for a masked array of NumPy, since no protocol carries its mask. */
int refuse_mask(PyObject *object);

/* True for numpy.ndarray and its subclasses. */
int is_ndarray(PyObject *object);

/* A scalar of NumPy that has to be read as an array, as one: a new reference. NULL for all else (no exception) or on failure. */
PyObject *scalar_as_array(PyObject *object, int32_t via);

/* Any object that speaks a protocol, in the order that loses least; 0, or -1 with an exception. */
int import_object(PyObject *object, const tb_import_options *options, tb_block **out);

/* "buffer", "dlpack", ... or None; -1 with an exception. */
int parse_via(PyObject *via, int32_t *out);

PyObject *module_asarray(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);
PyObject *module_from_array_interface(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *module_from_pointer(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *module_frombuffer(PyObject *module, PyObject *arguments, PyObject *keywords);
PyObject *module_from_dlpack(PyObject *module, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);

/* Carries out the array API's copy argument on a fresh import: the block's reference is consumed. */
PyObject *apply_copy(tb_block *block, PyObject *copy, PyObject *dtype);

/* ---- tensor_type.c ------------------------------------------------------------------------------------- */

typedef struct Tensor {
    PyObject_HEAD
    tb_block *block; /* NULL after release(), or after the garbage collector cleared a cycle */
    PyObject *weak_references;
} Tensor;

extern PyTypeObject *tensor_base_type;

int init_tensor_type(PyObject *module);
int is_tensor(PyObject *object);

/* A new Tensor that takes the caller's reference over, also when it fails. */
PyObject *tensor_new(tb_block *block);

/* The block of a tensor, borrowed; NULL with ValueError when it was cleared. */
tb_block *tensor_block(PyObject *object);

/* The number of elements; it fits, since the managed side has checked it. */
int64_t element_count(const tb_tensor *tensor);

PyObject *module_set_tensor_type(PyObject *module, PyObject *type);
PyObject *int64_tuple(const int64_t *values, int32_t count);

/* ---- dtype_cache.c ------------------------------------------------------------------------------------- */

typedef struct dtype_entry {
    tb_dtype_info info;
    PyObject *typestr;
    PyObject *descr; /* built on first use */
} dtype_entry;

/* Lives as long as the module; NULL with an exception. */
dtype_entry *dtype_get(int32_t dtype);
PyObject *dtype_descr(dtype_entry *entry);

/* ast.literal_eval */
PyObject *evaluate_literal(const char *literal);

/* Whatever names an element type (typestr, name, numpy.dtype, scalar type, Python type) as text: a new str. */
PyObject *dtype_text(PyObject *object);

/* ---- export_*.c ---------------------------------------------------------------------------------------- */

int tensor_getbuffer(PyObject *self, Py_buffer *view, int flags);
void tensor_releasebuffer(PyObject *self, Py_buffer *view);
PyObject *tensor_array_interface(PyObject *self, void *closure);
PyObject *tensor_cuda_array_interface(PyObject *self, void *closure);
PyObject *tensor_array_struct(PyObject *self, void *closure);
PyObject *tensor_dlpack(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords);
PyObject *tensor_dlpack_device(PyObject *self, PyObject *unused);

/* A versioned struct that holds a reference of its own to the block; NULL with BufferError. */
struct DLManagedTensorVersioned *export_dlpack_versioned(tb_block *block, uint64_t flags);

/* Fills a borrowed tensor; strides must have room for the rank. -1 with BufferError. */
struct DLTensor;
int fill_dlpack_tensor(tb_block *block, struct DLTensor *out, int64_t *strides);

/* For structs without flags: -1 with BufferError when the tensor needs one. */
int check_needs_no_flags(const tb_block *block);

/* Makes a stream, as __dlpack__ numbers it, wait for what is pending on the tensor; -1 with an exception. */
int order_pending_work(const tb_tensor *tensor, int64_t consumer);

/* The capsule for __dlpack_c_exchange_api__: a new reference. */
PyObject *exchange_api_capsule(void);

/* ---- timing.c ------------------------------------------------------------------------------------------ */

PyObject *module_time_import(PyObject *module, PyObject *arguments, PyObject *keywords);

/* ---- operations ---------------------------------------------------------------------------------------- */

enum parameter_kind {
    PARAMETER_ANY,
    PARAMETER_TENSOR,
    PARAMETER_INT,
    PARAMETER_FLOAT,
    PARAMETER_BOOL,
    PARAMETER_STR,
    PARAMETER_DTYPE,
    PARAMETER_SHAPE,
    PARAMETER_OBJECT,
    PARAMETER_STREAM,
    PARAMETER_SOURCE,
};

typedef struct parameter {
    PyObject *name;          /* interned */
    PyObject *default_value; /* NULL: required */
    enum parameter_kind kind;
} parameter;

typedef struct signature {
    PyObject *name;
    parameter *parameters;
    Py_ssize_t count;
    Py_ssize_t positional; /* the first so many may be given by position */
    int variadic;          /* '*name' stands after the positional ones; its parameter is at index positional */
    char *text;            /* name(parameters without kinds) */
} signature;

/* -1 with ValueError when the text is not a signature. */
int signature_parse(const char *text, signature *out);
void signature_free(signature *signature);

/* Fills count borrowed-or-new references (all new) from a vectorcall; -1 with TypeError. */
int signature_bind(const signature *signature, PyObject *const *arguments, Py_ssize_t count, PyObject *keywords,
                   PyObject **bound);

/* The number of a CUDA stream: of an int, or of a stream object of CuPy, PyTorch, Numba or any with __cuda_stream__. */
int stream_from_object(PyObject *object, long long *out);

/*
 * Turns an object into a value for managed code. What the value borrows from is appended to *keep, a list made on
 * first use, which must live until value_release.
 */
int value_from_object(PyObject *object, const parameter *parameter, PyObject **keep, tb_value *out);
void value_release(tb_value *value);

/* Consumes the value, also when it fails. */
PyObject *value_to_object(tb_value *value);

/* {name: function} of everything that the managed side registered. */
PyObject *module_operations(PyObject *module, PyObject *unused);

/* Calls a registered operation by name with positional arguments; a new reference. */
PyObject *call_operation(const char *name, PyObject *const *arguments, Py_ssize_t count);

#endif
