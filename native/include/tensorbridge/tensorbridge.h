/*
 * TensorBridge: the native ABI.
 *
 * Three parties share these types: the core library (this header's functions, no Python, no .NET), the Python
 * extension module and the managed assembly. Strides are bytes, counts are int64, enumerations are int32. Every
 * struct that crosses into managed code has a mirror there, and both sides compare sizes before the first call.
 */
#ifndef TENSORBRIDGE_TENSORBRIDGE_H
#define TENSORBRIDGE_TENSORBRIDGE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TB_API __attribute__((visibility("default")))

/* Raised whenever a struct of this header changes. */
#define TB_ABI_VERSION 1

/* The rank limit; also that of the buffer protocol and of NumPy 2. */
#define TB_MAX_NDIM 64

/* Ranks up to this one need no second allocation. */
#define TB_INLINE_NDIM 8

/* Room in a block for what its release needs: a Py_buffer and two pointers. */
#define TB_PAYLOAD_SIZE 104

/* ---- tensors ------------------------------------------------------------------------------------------- */

enum tb_flags {
    TB_READONLY = 1,
    TB_C_CONTIGUOUS = 2, /* by the relaxed rule: axes of length 1 and empty tensors do not count */
    TB_F_CONTIGUOUS = 4,
};

/* DLPack's numbers; only those that this library treats specially. */
enum tb_device_type {
    TB_DEVICE_CPU = 1,
    TB_DEVICE_CUDA = 2,
    TB_DEVICE_CUDA_HOST = 3,
    TB_DEVICE_OPENCL = 4,
    TB_DEVICE_ROCM = 10,
    TB_DEVICE_ROCM_HOST = 11,
    TB_DEVICE_CUDA_MANAGED = 13,
};

/* A description of memory that was validated by the managed side. */
typedef struct tb_tensor {
    void *data;           /* element 0, also with negative strides */
    int64_t itemsize;     /* bytes */
    int32_t ndim;         /* 0 .. TB_MAX_NDIM */
    int32_t dtype;        /* index into the managed element type table */
    int32_t device_type;  /* DLPack's numbers */
    int32_t device_id;    /* */
    uint64_t stream;      /* the stream on which pending work was enqueued; 0: none pending */
    uint32_t flags;       /* enum tb_flags */
    uint32_t handle_offset; /* bytes from the memory's handle to element 0, which data adds up; 0 where data is an address */
    int64_t *shape;       /* ndim entries */
    int64_t *strides;     /* ndim entries, bytes */
} tb_tensor;

/* ---- errors -------------------------------------------------------------------------------------------- */

enum tb_error_kind {
    TB_OK = 0,
    TB_VALUE_ERROR = 1,
    TB_TYPE_ERROR = 2,
    TB_BUFFER_ERROR = 3,
    TB_OVERFLOW_ERROR = 4,
    TB_INDEX_ERROR = 5,
    TB_RUNTIME_ERROR = 6,
    TB_MEMORY_ERROR = 7,
    TB_KEYBOARD_INTERRUPT = 8,
    TB_NOT_IMPLEMENTED_ERROR = 9,
    TB_KEY_ERROR = 10,
    TB_FILE_NOT_FOUND_ERROR = 11,
    TB_OS_ERROR = 12,
    TB_ATTRIBUTE_ERROR = 13,
    TB_IMPORT_ERROR = 14,
    TB_UNSUPPORTED = 15,     /* BufferError in a protocol exchange, TypeError elsewhere */
    TB_DEVICE_ERROR = 16,    /* BufferError in a protocol exchange, RuntimeError elsewhere */
    TB_PYTHON_ERROR = 17,    /* any other Python exception; the message names it */
};

typedef struct tb_error {
    int32_t kind; /* enum tb_error_kind */
    int32_t reserved;
    char message[2048]; /* UTF-8, terminated */
} tb_error;

/* ---- blocks -------------------------------------------------------------------------------------------- */

/*
 * A block owns one release of a producer and counts its users. Every exported view (a Tensor object, a capsule, a
 * DLPack struct, a managed handle) holds one reference. Dropping a reference needs no lock, no GIL and no
 * interpreter; what the last drop does depends on the producer:
 *
 *   TB_OWNER_NATIVE   release is called at once on the dropping thread
 *   TB_OWNER_MANAGED  the same, except in a forked child, where managed code may not run and nothing is called
 *   TB_OWNER_PYTHON   release needs the GIL: at once when this thread holds it, else queued until a thread does
 */
enum tb_owner { TB_OWNER_NATIVE = 0, TB_OWNER_MANAGED = 1, TB_OWNER_PYTHON = 2 };

typedef void (*tb_release_fn)(void *context);

typedef struct tb_block {
    _Atomic int64_t references;
    int32_t owner;    /* enum tb_owner */
    int32_t capacity; /* rank for which shape and strides have room */
    tb_tensor tensor;
    tb_release_fn release; /* may be NULL: nothing to do */
    void *context;
    struct tb_block *next;    /* in the release queue */
    int64_t *heap_dimensions; /* for ranks above TB_INLINE_NDIM */
    int64_t *element_strides; /* for borrowed DLPack tensors, made on first use; freed with the block */
    int64_t dimensions[2 * TB_INLINE_NDIM];
    _Alignas(8) unsigned char payload[TB_PAYLOAD_SIZE];
} tb_block;

/* A block with one reference, no producer yet and room for ndim axes. NULL when memory is out or ndim is wrong. */
TB_API tb_block *tb_block_new(int32_t ndim);

/* Gives a block room for ndim axes; shape and strides are unset afterwards. -1 when memory is out or ndim is wrong. */
TB_API int32_t tb_block_reserve(tb_block *block, int32_t ndim);

/* A block with one reference for a tensor that is copied from the argument, shape and strides included. */
TB_API tb_block *tb_block_create(const tb_tensor *tensor, int32_t owner, tb_release_fn release, void *context);

/*
 * A block with one reference for another view of a block's memory. It holds a reference to that block and nothing else, so
 * that a view ends without managed code, and garbage collectors can look through it.
 */
TB_API tb_block *tb_block_view(const tb_tensor *tensor, tb_block *parent);

/* The block that a view holds, NULL for any other block. */
TB_API tb_block *tb_block_parent(const tb_block *block);

/* Copies a tensor into a block that has room for its rank. */
TB_API void tb_block_assign(tb_block *block, const tb_tensor *tensor);

TB_API tb_block *tb_block_ref(tb_block *block);

/* Drops one reference; any thread, GIL or not. NULL is allowed. */
TB_API void tb_block_drop(tb_block *block);

/* The same for a caller that holds the GIL: a Python producer is released before this returns. */
TB_API void tb_block_drop_with_gil(tb_block *block);

typedef struct tb_statistics {
    int64_t created;  /* blocks made since the start */
    int64_t released; /* blocks whose producer was released */
    int64_t skipped;  /* managed producers not released because this is a forked child */
    int64_t queued;   /* blocks that wait for the GIL now */
} tb_statistics;

TB_API void tb_get_statistics(tb_statistics *out);

/* ---- release queue ------------------------------------------------------------------------------------- */

typedef struct tb_gil_hooks {
    int32_t (*held)(void);  /* does this thread hold the GIL? */
    void (*schedule)(void); /* ask for tb_drain_releases() on a thread that holds the GIL */
} tb_gil_hooks;

/* Replaces the hooks; NULL, or a NULL member, means that the question cannot be asked or the request not made. */
TB_API void tb_set_gil_hooks(const tb_gil_hooks *hooks);

/* Releases everything queued; the caller holds the GIL. */
TB_API void tb_drain_releases(void);

/* Nonzero when something is queued. Cheap: one relaxed load. */
TB_API int32_t tb_releases_pending(void);

/* ---- fork ---------------------------------------------------------------------------------------------- */

/* From now on a forked child of this process may not call managed code. */
TB_API void tb_guard_fork(void);

/* Nonzero in a forked child of a process that had called tb_guard_fork(). */
TB_API int32_t tb_is_forked_child(void);

/* ---- values of generic operations ---------------------------------------------------------------------- */

enum tb_value_kind {
    TB_NONE = 0,
    TB_BOOL = 1,    /* integer 0 or 1 */
    TB_INT = 2,     /* integer */
    TB_BIGINT = 3,  /* text: decimal digits with a sign */
    TB_FLOAT = 4,   /* number[0] */
    TB_COMPLEX = 5, /* number[0], number[1] */
    TB_STR = 6,     /* text: UTF-8 */
    TB_BYTES = 7,   /* text: bytes */
    TB_LIST = 8,    /* items */
    TB_TUPLE = 9,   /* items */
    TB_LITERAL = 10, /* text: a Python literal (dictionaries) */
    TB_TENSOR = 11, /* block */
    TB_OBJECT = 12, /* PyObject*, only for parameters declared so */
    TB_DICT = 13,     /* items: key, value, key, value ...; results only */
    TB_SLICE = 14,    /* items: start, stop, step; each an integer or none */
    TB_ELLIPSIS = 15, /* */
};

struct tb_value;

typedef struct tb_value {
    int32_t kind; /* enum tb_value_kind */
    int32_t reserved;
    union {
        int64_t integer;
        double number[2];
        struct {
            char *data;
            int64_t length;
        } text;
        struct {
            struct tb_value *data;
            int64_t count;
        } items;
        struct {
            tb_block *block;
            tb_tensor *tensor;
        } tensor;
        void *object;
    };
} tb_value;

/* Memory inside results; freed by tb_value_clear. */
TB_API void *tb_allocate(int64_t size);
TB_API void tb_free(void *memory);

/* Frees what a result owns: texts, items, block references. Not for TB_OBJECT. */
TB_API void tb_value_clear(tb_value *value);

/* ---- managed side -------------------------------------------------------------------------------------- */

/* The same layout as Py_buffer, whose addresses are handed over as they are. */
typedef struct tb_raw_buffer {
    void *buf;
    void *obj;
    int64_t len;
    int64_t itemsize;
    int32_t readonly;
    int32_t ndim;
    char *format;
    int64_t *shape;
    int64_t *strides;
    int64_t *suboffsets;
    void *internal;
} tb_raw_buffer;

/* PyArrayInterface of __array_struct__. */
typedef struct tb_raw_array_struct {
    int32_t two;
    int32_t nd;
    char typekind;
    int32_t itemsize;
    int32_t flags;
    int64_t *shape;
    int64_t *strides;
    void *data;
    void *descr;
} tb_raw_array_struct;

/* What a DLPack struct says, for both of its forms. */
typedef struct tb_raw_dlpack {
    const void *tensor;     /* DLTensor */
    uint64_t flags;         /* of the versioned struct */
    uint32_t version_major; /* 0: the legacy struct, which cannot say read-only */
    uint32_t version_minor;
    int32_t writable;       /* nonzero: the caller vouches that a legacy tensor may be written */
    int32_t reserved;
    uint64_t stream;        /* the stream on which the data is ready; 0: none */
} tb_raw_dlpack;

enum tb_interface_kind {
    TB_ARRAY_INTERFACE = 0,
    TB_CUDA_ARRAY_INTERFACE = 1,
    TB_FROM_BUFFER = 2, /* as TB_ARRAY_INTERFACE; a missing shape means one axis over the whole buffer */
    TB_USER_TEXT = 3,   /* as TB_ARRAY_INTERFACE, in text that a user gave: without the serialiser's tags */
};

/* How exporters spell an element type. Texts live as long as the process. */
typedef struct tb_dtype_info {
    int64_t itemsize;
    const char *typestr; /* array interface */
    const char *format;  /* PEP 3118; NULL: cannot be said */
    const char *descr;   /* Python literal of the array interface's descr; NULL: [('', typestr)] */
    const char *name;    /* NumPy's name */
    int32_t dlpack_code; /* -1: cannot be said */
    int32_t dlpack_bits;
    int32_t dlpack_lanes;
    int32_t struct_kind; /* character for __array_struct__; 0: cannot be said there */
    int32_t swapped;      /* nonzero: not in this machine's byte order */
    int32_t dlpack_flags; /* to add to the flags of a versioned struct (padded sub-byte types) */
} tb_dtype_info;

enum tb_operation_flags { TB_KEEP_GIL = 1, TB_KEEP_GIL_WHEN_SMALL = 2 };

typedef struct tb_operation_info {
    const char *signature; /* "copyto(dst: tensor, src: tensor, *, casting: str = 'same_kind')" */
    const char *doc;
    int32_t flags; /* enum tb_operation_flags */
    int32_t reserved;
} tb_operation_info;

/*
 * Filled by the managed side. The import functions write *out, whose shape and strides point at room for
 * TB_MAX_NDIM entries (import_buffer and import_array_struct: for the rank that the raw struct states).
 * All return 0, or -1 with *error filled.
 */
typedef struct tb_managed_api {
    int64_t size;
    int32_t (*import_buffer)(const tb_raw_buffer *raw, tb_tensor *out, tb_error *error);
    int32_t (*import_array_struct)(const tb_raw_array_struct *raw, tb_tensor *out, tb_error *error);
    int32_t (*import_dlpack)(const tb_raw_dlpack *raw, tb_tensor *out, tb_error *error);
    int32_t (*import_interface)(const char *text, int64_t length, int32_t kind, tb_tensor *out, tb_error *error);
    int32_t (*dtype_info)(int32_t dtype, tb_dtype_info *out, tb_error *error);
    int32_t (*operation_count)(void);
    int32_t (*operation_info)(int32_t operation, tb_operation_info *out);
    int32_t (*call)(int32_t operation, tb_value *arguments, int32_t count, tb_value *result, tb_error *error);
    /* Makes the consumer's stream (as __dlpack__ numbers it) wait for the tensor's pending work. */
    int32_t (*order_stream)(const tb_tensor *tensor, int64_t consumer, tb_error *error);
    /* Disposes what must not outlive the interpreter: accelerators, pending device work. */
    void (*shutdown)(void);
} tb_managed_api;

/* Copies the table. -1 when the size is not the expected one. A second registration replaces the first. */
TB_API int32_t tb_register_managed(const tb_managed_api *api);

/* NULL until something was registered. */
TB_API const tb_managed_api *tb_managed(void);

/* ---- Python side --------------------------------------------------------------------------------------- */

enum tb_protocol {
    TB_VIA_ANY = 0,
    TB_VIA_BUFFER = 1,
    TB_VIA_ARRAY_STRUCT = 2,
    TB_VIA_ARRAY_INTERFACE = 3,
    TB_VIA_CUDA_ARRAY_INTERFACE = 4,
    TB_VIA_DLPACK = 5,
};

typedef struct tb_import_options {
    int32_t via;      /* enum tb_protocol */
    int32_t writable; /* see tb_raw_dlpack */
    int64_t stream;   /* the consumer's stream as __dlpack__ numbers it; 0: the legacy default stream */
} tb_import_options;

/* Filled by the extension module. Objects are PyObject*; the caller holds the GIL except for check_signals and call_progress. */
typedef struct tb_python_api {
    int64_t size;
    int32_t (*import_object)(void *object, const tb_import_options *options, tb_block **out, tb_error *error);
    /* A new Tensor object over the block, of which it takes a reference of its own; NULL with *error filled. */
    void *(*export_block)(tb_block *block, tb_error *error);
    /* -1 when a signal handler raised (the exception stays set on this thread), else 0. Takes the GIL itself. */
    int32_t (*check_signals)(void);
    /* Calls a callable with two integers; -1 when it raised (the exception stays set on this thread). Takes the GIL itself. */
    int32_t (*call_progress)(void *callable, int64_t done, int64_t total);
    /* Moves the exception that is set on this thread into *error. */
    void (*fetch_error)(tb_error *error);
} tb_python_api;

TB_API int32_t tb_register_python(const tb_python_api *api);
TB_API const tb_python_api *tb_python(void);

/* ---- the core library's own table ---------------------------------------------------------------------- */

enum { TB_ABI_SIZE_COUNT = 12 };

/*
 * Everything that managed code calls in here, so that it needs no symbol lookups. The first two fields and the sizes
 * are checked by the managed side before anything else is used.
 */
typedef struct tb_native_api {
    int64_t size;
    int32_t abi_version;
    int32_t size_count;
    /* tensor, error, block, value, raw_buffer, raw_array_struct, raw_dlpack, dtype_info, operation_info,
       managed_api, python_api, import_options */
    int32_t sizes[TB_ABI_SIZE_COUNT];
    tb_block *(*block_create)(const tb_tensor *tensor, int32_t owner, tb_release_fn release, void *context);
    tb_block *(*block_view)(const tb_tensor *tensor, tb_block *parent);
    tb_block *(*block_ref)(tb_block *block);
    void (*block_drop)(tb_block *block);
    tb_tensor *(*block_tensor)(tb_block *block);
    void *(*allocate)(int64_t size);
    void (*free)(void *memory);
    int32_t (*register_managed)(const tb_managed_api *api);
    const tb_python_api *(*python)(void);
    int32_t (*is_forked_child)(void);
    void (*drain_releases)(void);
    void (*get_statistics)(tb_statistics *out);
} tb_native_api;

TB_API const tb_native_api *tb_native(void);

#ifdef __cplusplus
}
#endif

#endif
