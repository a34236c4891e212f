// ILGPU always makes a context of its own, while CuPy, PyTorch, JAX and Numba share the device's primary
// context; modules, streams and events of one are strangers in the other. ILGPU's import of "cuda" is
// therefore resolved to this library, which answers two entry points. Every other symbol is found by dlsym in
// libcuda.so.1, which this library needs.
#include <pthread.h>

typedef int CUresult;
typedef int CUdevice;
typedef struct CUctx_st *CUcontext;

enum { CUDA_SUCCESS = 0, CUDA_ERROR_OUT_OF_MEMORY = 2, CUDA_ERROR_INVALID_CONTEXT = 201 };
enum { MAX_CREATED = 256 };

extern CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device);
extern CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device);
extern CUresult cuCtxSetCurrent(CUcontext context);

#define EXPORT __attribute__((visibility("default")))

// One entry for each "creation" that has not been "destroyed": what to release, and for which device.
typedef struct {
    CUcontext context;
    CUdevice device;
} Created;

static Created created[MAX_CREATED];
static int created_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int remember(CUcontext context, CUdevice device) {
    pthread_mutex_lock(&mutex);
    int fits = created_count < MAX_CREATED;
    if (fits)
        created[created_count++] = (Created){context, device};
    pthread_mutex_unlock(&mutex);
    return fits;
}

static int forget(CUcontext context, CUdevice *device) {
    int found = 0;
    pthread_mutex_lock(&mutex);
    for (int i = created_count - 1; i >= 0 && !found; i--)
        if (created[i].context == context) {
            *device = created[i].device;
            created[i] = created[--created_count];
            found = 1;
        }
    pthread_mutex_unlock(&mutex);
    return found;
}

// Retains the primary context in place of a new one. Its flags belong to whoever made it.
EXPORT CUresult cuCtxCreate_v2(CUcontext *context, unsigned int flags, CUdevice device) {
    (void)flags;
    CUcontext primary;
    CUresult result = cuDevicePrimaryCtxRetain(&primary, device);
    if (result != CUDA_SUCCESS)
        return result;
    if (!remember(primary, device)) {
        cuDevicePrimaryCtxRelease_v2(device);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    result = cuCtxSetCurrent(primary);
    if (result != CUDA_SUCCESS) {
        forget(primary, &device);
        cuDevicePrimaryCtxRelease_v2(device);
        return result;
    }
    *context = primary;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxDestroy_v2(CUcontext context) {
    CUdevice device;
    return forget(context, &device) ? cuDevicePrimaryCtxRelease_v2(device) : CUDA_ERROR_INVALID_CONTEXT;
}
