// Inner declarations of the driver stand-in.
//
// What makes it worth having, compared with a mock:
//  * stream work is queued and runs only when something waits for it, so a missing wait is seen as stale
//  data;
//  * a device address lies in a range that no host instruction can touch; its bytes lie in a shadow range;
//  * every object belongs to a context and every thread has its own context stack;
//  * any call can be made to fail, and everything that is alive can be counted.
//
// One recursive lock serialises everything: order is the order of the calls.
#ifndef FAKECUDA_H
#define FAKECUDA_H

#include <stdbool.h>
#include <stdint.h>

#include "driver_types.h"

#define EXPORT __attribute__((visibility("default")))

enum { MAX_DEVICES = 4, MAX_PEERS = 16 };

typedef enum { KIND_NONE, KIND_CONTEXT, KIND_STREAM, KIND_EVENT, KIND_MODULE, KIND_FUNCTION } ObjectKind;

typedef struct Context Context;

// Head of every handle-bearing object.
typedef struct {
    ObjectKind kind;
    uint64_t handle;
    Context *context;
} Object;

struct Context {
    Object head;
    CUdevice device;
    bool primary;
    int references;
    CUresult sticky;
    Context *peers[MAX_PEERS];
    int peer_count;
    struct Stream *legacy;
};

typedef struct Operation Operation;

typedef struct Stream {
    Object head;
    unsigned flags;
    bool implicit;      // the legacy stream or a per-thread stream: never counted as a leak
    uint64_t thread;    // owner of a per-thread stream
    uint64_t enqueued;  // operations pushed so far
    uint64_t completed; // operations executed so far
    Operation *first, *last;
    bool running;
} Stream;

typedef struct {
    Object head;
    unsigned flags;
    CUstream stream; // stream of the last record, 0 when never recorded
    uint64_t sequence;
    uint64_t time;
} Event;

typedef struct {
    Object head;
    char *ptx;
    uint64_t id;
} Module;

typedef struct {
    Object head;
    CUmodule module;
    int argument_size;
    char name[256];
} Function;

// What the launch callback of the tests receives. The layout is mirrored in C#.
typedef struct {
    const char *name;
    const char *ptx;
    const unsigned char *arguments;
    uint64_t module_id;
    uint64_t context;
    int32_t grid[3];
    int32_t block[3];
    int32_t shared_bytes;
    int32_t argument_size;
} FakeLaunch;

typedef int (*LaunchCallback)(const FakeLaunch *launch);

typedef enum { MEMORY_DEVICE, MEMORY_PINNED, MEMORY_REGISTERED, MEMORY_MANAGED, MEMORY_IMPORTED } MemoryKind;

typedef struct {
    CUdeviceptr address;
    size_t size;
    size_t reserved;
    MemoryKind kind;
    bool stream_ordered;
    CUdevice device;
    Context *context;
    uint64_t id;
} Allocation;

// A box of bytes: rows of `width` bytes, `pitch` apart, in slices `slice` apart.
typedef struct {
    CUdeviceptr address;
    size_t pitch, slice;
} Box;

typedef enum {
    OPERATION_COPY,
    OPERATION_SET,
    OPERATION_WAIT,
    OPERATION_RECORD,
    OPERATION_LAUNCH,
    OPERATION_FREE,
    OPERATION_HOST
} OperationKind;

struct Operation {
    OperationKind kind;
    Box target, source;
    size_t width, height, depth;
    int value;
    unsigned char *staged; // bytes of a pageable source, taken when the copy was asked for
    CUstream stream;       // stream to wait for
    uint64_t sequence;
    CUevent event;
    FakeLaunch launch;
    unsigned char *arguments;
    char *launch_name;
    void (*host_function)(void *);
    void *host_data;
    Operation *next;
};

// core.c: the lock, entering and leaving a call, the log.
CUresult enter(const char *name);
CUresult enter_release(const char *name, CUresult *injected);
CUresult leave(CUresult result);
void lock(void);
void unlock(void);
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void clear_log(void);
const char *log_text(void);
bool initialised(void);
void set_initialised(void);

// Begins a driver entry point.
#define ENTER()                                                                                              \
    do {                                                                                                     \
        CUresult entered = enter(__func__);                                                                  \
        if (entered != CUDA_SUCCESS)                                                                         \
            return leave(entered);                                                                           \
    } while (0)

// Begins an entry point that releases something: as in the real driver, the release happens even when
// the call reports an error (of earlier asynchronous work).
#define ENTER_RELEASE()                                                                                      \
    CUresult injected = CUDA_SUCCESS;                                                                        \
    do {                                                                                                     \
        CUresult entered = enter_release(__func__, &injected);                                               \
        if (entered != CUDA_SUCCESS)                                                                         \
            return leave(entered);                                                                           \
    } while (0)
#define LEAVE_RELEASE(result) return leave(injected != CUDA_SUCCESS ? injected : (result))

// Demands a usable current context.
#define NEED_CONTEXT()                                                                                       \
    do {                                                                                                     \
        CUresult usable = current_usable();                                                                  \
        if (usable != CUDA_SUCCESS)                                                                          \
            return leave(usable);                                                                            \
    } while (0)

// faults.c
CUresult count_call(const char *name);
void forget_calls(void);

// objects.c
void *create_object(size_t size, ObjectKind kind, Context *context);
void *find_object(uint64_t handle, ObjectKind kind);
void destroy_object(Object *object);
void *next_object(uint32_t *cursor, ObjectKind kind);
int count_objects(ObjectKind kind);

// device.c
extern int device_count;
extern int compute_capability;
extern int driver_version;
extern size_t device_memory;
bool valid_device(CUdevice device);

// context.c
Context *current_context(void);
CUresult current_usable(void);
void destroy_context(Context *context);
void mark_sticky(Context *context, CUresult error);
bool peer_enabled(const Context *from, CUdevice device);
void reset_sticky(void);

// memory.c
void reserve_arenas(void);
CUdevice device_of_address(CUdeviceptr address);
unsigned char *host_address(CUdeviceptr address);
CUresult allocate_device(Context *context, size_t size, Allocation **result);
void free_allocation(Allocation *allocation);
void free_context_memory(Context *context);
void quarantine(CUdeviceptr address, size_t reserved);
int arena_file(CUdevice device);
size_t arena_offset(CUdeviceptr address);
CUdeviceptr reserve_addresses(CUdevice device, size_t reserved);
unsigned char *shadow_of(CUdeviceptr address);

// pointer.c: the table of allocations.
Allocation *find_allocation(CUdeviceptr address);
Allocation *add_allocation(CUdeviceptr address, size_t size, MemoryKind kind, Context *context);
void remove_allocation(Allocation *allocation);
Allocation *allocation_at(int index);
int allocation_count(void);

// stream.c
Stream *resolve_stream(CUstream handle);
Stream *legacy_stream(Context *context);
CUresult enqueue(Stream *stream, Operation operation);
CUresult drain(Stream *stream, uint64_t sequence);
CUresult drain_context(Context *context);
CUresult drain_everything(void);

// operation.c
CUresult run_operation(Stream *stream, Operation *operation);
void discard_operation(Operation *operation);
bool operation_touches(const Operation *operation, CUdeviceptr address, size_t size);
void set_launch_callback(LaunchCallback callback);
uint64_t tick(void);

// copy.c
CUresult check_box(Box box, size_t width, size_t height, size_t depth, Allocation **allocation);

// module.c
extern char ptx_directory[512];

// control.c
extern bool eager;
extern int pending_frees;
extern size_t bytes_to_host;

#endif
